"""Foreign given names that the dictionary of Polish lacks or reads as another word, by the gender of who bears them."""

WOMEN = frozenset(
    """Aaja Adèle Ágnes Agnes Alice Amy Annalena Anne Aslı Beth Bobbie Brigitte Carmen Catherine Charlotte
    Chloé Christine Cindy Claudia Coco Courtney Dunja Edith Eleanor Elin Elisabeth Ellen Emily
    Emmanuelle Eszter Evika Fiona Francine Grace Greta Hannah Hayley Hilary Hillary Ilaria Ilona Ines
    Ingrid Ioana Iratxe Iris Isabel Isabelle Ivy Iwelina Jacqueline Jane Janet Jean Jennifer Jewgienija
    Jill Joan Joyce Judit Judith Karen Karin Kate Kathy Kirsty Lahja Laurence Leah Leni Linda Lindsey
    Liz Louise Łesia Maia Mairead Margaret Margrethe Marine Marjorie Mary Maryse María Meghan Mette Mia
    Michelle Muriel Nancy Naomi Narges Natalie Nicole Nikki Oksana Ołena Ołha Olive Oleksandra Penny
    Rachel Réka Rima Rosa Ruth Sahra Sarah Sanna Sharon Sigríður Simone Sophie Susan Swietłana Swiatłana
    Sylvie Theresa Ulrike Valérie Vanessa Véronique Yvette Ylva Zoe""".split()
)
MEN = frozenset(
    """Abiy Ahmed Ahmad Aleš Ali Amir Anders Andrew Andrij András Antanas Antony Anwar Bart Bashar Benjamin
    Bernie Binjamin Bjarne Boris Carles Charles Claude Clay Craig Cyril Călin Detlef Didier Dmitrij
    Dmytro Doug Dzmitry Edvard Ehud Eric Enrique Erłan Fernando Florin Franklin Frank Fred Anton
    François Fumio Gellért Gergely Gianluca Gianni Gintaras Giuseppe Glenn Graham Gustavo Gérard Hansi
    Harvey Hassan Hennadij Howard Ibrahim Ihor Irakli Ismail J.D. JD Jacques Jake James Jarosław Javier
    Jean-Claude Jean-Luc Jean-Yves Jeffrey Jeremy Jerome Joe Johnny Jorgos Josef José João Juraj Juris
    Ján Jürgen Kaupo Kay-Achim Kjetil Kostadin Ladislav Lahav Lamine Lars László Lewan Lewis Luc Luke
    Marc Maroš Matteo Mehmet Merih Mike Milorad Miloš Nadżib Neville Nicolas Nikos Ołeh Ołeksandr
    Ołeksij Osman Ousmane Pawieł Péter Pete Petro Peter Raúl Rebwar Recep Reinhard Ricard Ricardo Rishi
    Rodrigo Salman Sauli Scott Serhij Shawn Siarhiej Siegfried Stefano Stepan Stephen Steve Sven Thabo
    Thierry Thomas Tibor Timothy Toomas Tyson Vadim Veaceslav Vidkun Wadym Walerij Wasyl Wasilij
    Wieniamin William Wim Winston Witalij Wolfgang Wołodymyr Yann Yves Yannis Žygimantas Étienne""".split()
)
EITHER = frozenset("Nikola Andrea Robin Gabriele Dominique Jean Laurence Sasza Sasha".split())  # by country
WITH_SOUNDED_E = frozenset("Bjarne Dante Giuseppe José Hrvoje Ousmane".split())
