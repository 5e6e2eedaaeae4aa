"""Polish abbreviations with a full stop, by what may follow them."""

# A sentence goes on after these, whatever follows.
PREFIXES = frozenset(
    "al abp adm bł bp bryg cd doc dr druh ds dyr dz.u fot gen gm hab hr inż kard kmdr kom kpr kpt ks lek m.in "
    "mar mec mgr min.in mjr mł muz nad nadkom ndst np nt ob ok oo op os.in p.o pl płk pn płd płn pod podinsp insp asp "
    "por pos pow ppłk ppor prof prok przewodn pseud pt reż ryc rtm sen sp st sędz sierż szer ś.p śp św sz tel tj tzn "
    "tzw ul wg wicedyr wiceprezes woj wsch zach zast zob z-ca żon poł sygn dot ws ww vs p".split()
)
# A sentence goes on after these when a name follows: "im. Jana Kochanowskiego", "red. Piotr Dąbek", "o. Rafał".
BEFORE_NAMES = frozenset("im red o s".split())
# A sentence goes on after these when a number follows.
BEFORE_NUMBERS = frozenset("art ust poz str nr pkt rozdz par lit rys tab vol no t ods kan".split())
# Counted things: "40 tys. Tyle samo"; but "3 mln Polaków", "godz. 15".
UNITS = frozenset("tys mln mld bln godz min os sek szt gr km kg cm mm ha l dol proc zł tyg mies".split())
# What ends a firm's name: "sp. z o.o. Spółka"; but "Metalex S.A. Katowice".
COMPANY_ENDS = frozenset("o.o s.a sp.k s.k.a s.c".split())
# Years and centuries: "w 2019 r. Rząd"; but "W 1846 r. Kraków".
YEARS = frozenset("r w n.e p.n.e".split())
# What ends a list, a date or a name: "itd. W piątek"; but "Lee Brown jr. Polityk".
ENDS = frozenset("itd itp etc in br ub.r b.r bm wł św.p jr kw".split())
# Capitalised nouns that a number stands before: "5. Pułk Lotniczy".
ORDINAL_NOUNS = frozenset(
    "pułk pułku korpus korpusu dywizja dywizji dywizją dywizję brygada brygady brygadzie brygadą brygadę batalion "
    "batalionu batalionem armia armii armią flota floty floty liga ligi lidze ligę ligą bundesliga bundesligi "
    "liceum baza bazy bazie eskadra eskadry".split()
)
