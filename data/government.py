"""What case words ask for: prepositions, and verbs whose object stands in one case and no other."""

ALL_OBJECTS = frozenset(("gen", "dat", "acc", "inst"))

GOVERNED_BY_PREPOSITION: dict[str, frozenset[str]] = {
    preposition: frozenset(cases.split())
    for prepositions, cases in {
        """do od ode dla bez beze u wobec oprócz spośród zamiast według wedle wśród koło około obok podczas wskutek
    spod sprzed znad zza sponad wokół dookoła wzdłuż naokoło kosztem mocą""": "gen",
        "wbrew ku dzięki przeciw przeciwko naprzeciw": "dat",
        "przez": "acc",
        "przy": "loc",
        "w we na o po": "acc loc",
        "z ze": "gen inst",
        "za": "acc inst gen",  # "za Tuska": when he governed
        "przed przede nad nade pod pode między pomiędzy ponad poza": "acc inst",
        "mimo pomimo": "gen acc",
    }.items()
    for preposition in prepositions.split()
}

# With these in the sentence, "w" may ask for the accusative: "uderza w NATO".
W_WITH_ACCUSATIVE = frozenset(
    """uderzyć uderzać uderzenie wierzyć uwierzyć wiara wątpić zwątpić wymierzyć wymierzać celować wycelować
    godzić ugodzić inwestować zainwestować inwestycja atak atakować cios bić zamienić zmienić przekształcić
    przekształcać zaangażować angażować rzucić rzucać trafić trafiać strzelać strzał wstąpić wejść wchodzić
    wpatrzyć wpatrywać wczuć wymierzony wtrącać ingerować wsłuchać zaopatrzyć wyposażyć uwikłać wplątać
    włączyć włączać""".split()
)

_VERBS = {
    "gen": """obawiać bać bronić żądać zażądać domagać wymagać potrzebować nienawidzić unikać uniknąć dotyczyć nauczyć
        wstydzić spodziewać pozbyć pozbawić pilnować słuchać posłuchać usłuchać żałować pożądać zabraknąć
        brakować życzyć wyrzec wyrzekać wyprzeć wypierać dopuścić dosięgnąć dosięgać dotknąć strzec zazdrościć""",
    "dat": """pomóc pomagać dziękować podziękować zarzucić zarzucać grozić zagrozić zagrażać ufać zaufać wierzyć
        wytknąć wytykać przyklasnąć przyklaskiwać sprzyjać służyć zaszkodzić szkodzić gratulować pogratulować
        zazdrościć ulec ulegać sprzeciwić sprzeciwiać kłaniać zaprzeczyć zaprzeczać odmówić odmawiać
        przeszkodzić przeszkadzać kibicować dorównać dorównywać udzielić udzielać zawdzięczać odpowiedzieć
        odpowiadać wypowiedzieć przypomnieć przypominać zapewnić obiecać przekazać przekazywać dać dawać oddać
        współczuć schlebiać pochlebiać podporządkować uwierzyć dokuczyć dokuczać dogodzić przypisać przypisywać
        powiedzieć doradzić doradzać""",
    "inst": """kierować pokierować rządzić gardzić wzgardzić pogardzać zachwycać zachwycić szczycić chlubić zająć
        zajmować opiekować zaopiekować zainteresować interesować dowodzić kupczyć władać zawładnąć zarządzać
        dysponować rozczarować brzydzić sterować manipulować wstrząsnąć przejmować""",
    "acc": """krytykować skrytykować chwalić pochwalić wychwalać oskarżyć oskarżać atakować zaatakować poprzeć
        popierać wspierać wesprzeć potępić potępiać pozwać wezwać wzywać ostrzec ostrzegać nazwać nazywać
        obwiniać obwinić winić rozliczyć wyśmiać wyśmiewać obrazić obrażać znieważyć zganić ganić upomnieć
        docenić doceniać cenić szanować podziwiać oczernić oczerniać pokonać wyprzedzić zastąpić powołać odwołać
        zwolnić zatrzymać aresztować zmusić zmuszać zachęcić zachęcać przekonać przekonywać poprosić prosić
        zapytać pytać zaprosić zapraszać ukarać karać podejrzewać posądzić posądzać zdradzić oszukać zlekceważyć
        lekceważyć wybrać rekomendować skarcić karcić zbesztać besztać zrugać okłamać ośmieszyć ośmieszać
        reprezentować piętnować napiętnować wyróżnić nagrodzić uhonorować chronić ochronić ratować uratować
        osłabić osłabiać wzmocnić wzmacniać obciążyć obciążać zaskoczyć zniszczyć niszczyć rozbić zablokować
        komplementować obarczyć obarczać stawiać stracić krzywdzić skrzywdzić""",
}
# "wypowiedzieć", "wyprzeć", "dopuścić" need "się" or another object: they say nothing of one that stands beside them.
_UNSURE = frozenset(
    "życzyć zapewnić wypowiedzieć nauczyć dotknąć zająć dopuścić wyprzeć wypierać rozczarować obrazić".split()
)

GOVERNED_BY_VERB: dict[str, frozenset[str]] = {
    verb: frozenset(case for case in ("gen", "dat", "inst", "acc") if verb in _VERBS[case].split())
    for verbs in _VERBS.values()
    for verb in verbs.split()
    if verb not in _UNSURE
}

# With these in the sentence, a name after a noun may be in the dative: "zarzucił kłamstwo Rosji", "pomoc Ukrainie".
OF_DATIVE = frozenset(_VERBS["dat"].split()) | frozenset(
    """pomoc wsparcie zagrożenie dostarczyć dostarczać sprzedać sprzedawać sprzedaż wysłać wysyłać przesłać
    przyznać przyznawać zaproponować proponować oferować zaoferować odebrać odbierać zabrać zapłacić płacić
    wypłacić zaszkodzić nakazać kazać zakazać pozwolić pozwalać umożliwić umożliwiać uniemożliwić ułatwić
    ułatwiać utrudnić utrudniać zlecić zlecać powierzyć powierzać narzucić narzucać wypomnieć wypominać
    stawiać postawić postawiać wymierzyć zadać zadawać wyrządzić przynieść przynosić dedykować wybaczyć
    wybaczać darować udowodnić udowadniać zapowiedzieć wypowiedzieć zabronić zabraniać oznajmić tłumaczyć
    wyjaśnić ujawnić pokazać pokazywać wskazać wręczyć wręczać przedstawić przedstawiać dodać ukraść
    zafundować fundować gwarantować zagwarantować obiecywać zwrócić zwracać oddawać podarować przyglądać
    przyjrzeć przeciwstawić przeciwstawiać poświęcić zapobiec zapobiegać podlegać przysłużyć przysługiwać
    należeć wierny bliski wdzięczny przeciwny winny dłużny wrogi przychylny życzliwy dedykacja wbrew
    przeciwstawienie posłuszny zadośćuczynić nałożyć wystawić zaserwować wymówić zarzut""".split()
)

# Nouns whose name follows in the nominative: "spółka Orlen", "partii Razem".
TITLES_OF_THINGS = frozenset(
    """partia ugrupowanie spółka firma koncern portal sieć dziennik tygodnik miesięcznik gazeta bank
    organizacja klub stowarzyszenie fundacja grupa stacja telewizja radio agencja serwis platforma operator
    producent producentka przewoźnik deweloper ruch inicjatywa kolektyw marka hotel kopalnia huta szpital
    zespół drużyna linia lista komitet pracownia start-up startup magazyn konfederacja koalicja lewica obóz
    parafia gmina szkoła instytut wydawnictwo związek zakład browar cementownia elektrownia teatr""".split()
)

TITLES_OF_WOMEN = frozenset(
    """pani siostra matka córka żona królowa senatorka ministra ministerka premierka prezydentka szefowa
    wójcina przewodnicząca marszałkini sędzia burmistrzyni radna posłanka europosłanka wiceszefowa
    wiceministra kanclerka adwokatka mistrzyni zawodniczka gwiazda wdowa babcia ciotka koleżanka kobieta
    baronessa baskan""".split()
)

# Countries that one is "na", not "w".
ISLANDS_AND_NEIGHBOURS = frozenset(
    """Białoruś Cypr Filipiny Grenlandia Haiti Islandia Jamajka Kuba Litwa Łotwa Madagaskar Malta Słowacja
    Tajwan Ukraina Węgry""".split()
)
# Of these one may be "w" too.
ALSO_IN = frozenset("Ukraina Słowacja Białoruś Islandia Grenlandia Filipiny Tajwan".split())

# Words that say how a name is joined to its clause.
AND = frozenset("i oraz lub ani albo czy".split())
COMPARING = frozenset("jak jako niż niczym".split())
STARTING = frozenset(
    "że bo a i ale gdy kiedy jeśli jeżeli aby żeby by więc dlatego lecz zaś chociaż choć ponieważ".split()
)
SUBORDINATING = frozenset("że bo ponieważ gdyż choć chociaż aby by żeby kiedy gdy jak iż skoro zanim nim jeśli".split())
TIMES = frozenset(
    """poniedziałek wtorek środa czwartek piątek sobota niedziela styczeń luty marzec kwiecień maj czerwiec
    lipiec sierpień wrzesień październik listopad grudzień rok miesiąc tydzień dzień wieczór południe
    godzina rano wiosna lato jesień zima lata dekada chwila koniec początek połowa kadencja""".split()
)
LOCATIVE_PREPOSITIONS = frozenset("w we na o po przy".split())
COPULAS = frozenset(("być", "zostać", "stać", "stawać", "bywać", "okazać", "pozostać", "pozostawać"))
DENYING = frozenset("nie bez ani żaden żadna żadne żadnej żadnego nikt nic nigdy zamiast".split())
OF_GENITIVE = frozenset(verb for verb, cases in GOVERNED_BY_VERB.items() if cases == {"gen"}) | frozenset(
    "wiele wielu dużo mało niemało więcej mniej dość dosyć pełen pełny sporo trochę kilka tyle ile".split()
)
# What these do is done to the one in the accusative: "Izrael czeka wojna".
IMPERSONAL = frozenset(
    "czekać spotkać dotknąć kosztować interesować obowiązywać dziwić cieszyć martwić boleć stać".split()
)
