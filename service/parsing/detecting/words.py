# ruff: noqa: RUF001  # Turkish has an i without a dot
# ruff: noqa: E501  # a list of words is one row however wide
# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
"""Words by which a language is told: its own, its little ones, and those of English."""

from collections.abc import Mapping

from service.parsing.patterns import later

# No name and no English word is among these; one of them begins the suspicion.
_OWN = {
    "Spanish": "entrevista taller fútbol revisión llevar dentro guitarra carpintero partidos vacaciones almorzar cenar desayunar comprar reunirme verme boda examen colegio peluquería ensayo mensualmente semanalmente proxima finde antes informe entregar tengo tenemos quiero necesito recoger pagar comprar cancelar "
    "cancela mueve mover noches sábados domingos sabados viernes próximos vuelo médica "
    "llámame alquiler reservar quedada oficina gimnasio cumple tardes mañanas "
    "lunes martes miércoles miercoles jueves viernes sábado sabado domingo enero febrero "
    "marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre mañana "
    "manana pasado hoy ayer tarde noche mediodía mediodia medianoche semana próximo proximo próxima "
    "proxima siguiente cada todos todas los reunión cita cena almuerzo comida desayuno llamar "
    "llamada recordar recordarme recuérdame recuerdame agendar programar añadir poner cumpleaños "
    "dentista médico hasta desde para entre horas minutos días dias año las junta viaje entrega "
    "quedar partido clase hora que viene este esta una con",
    "French": "remise rappel facture chantier inscription colis livraison entretien apporter voiture danse loyer vacances déménagement récupérer acheter coiffeuse école fête mariage examen répétition hebdomadaire quinzaine visite jusque cours lundis mardis mercredis jeudis vendredis samedis dimanches prévu payer acheter "
    "chercher voir faire ajoute annule annuler déplacer loyer coiffeur medecin prochains "
    "chaque journée matinée soirs nuit fois "
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février fevrier avril mai "
    "juin juillet août septembre octobre novembre décembre demain aujourd hier matin midi minuit "
    "soir après-midi après semaine prochain prochaine chaque tous les avec réunion rendez rdv dîner "
    "diner déjeuner dejeuner petit-déjeuner appeler rappelle rappeler ajouter planifier anniversaire "
    "dentiste médecin jusqu jusqu'à depuis entre heures heure minutes jours pendant pour chez dans "
    "ce cette une fête réserver vol départ rappelez mois année est",
    "Italian": "entro consegna relazione bolletta iscrizione rinnovo settimane colloquio macchina meccanico chitarra affitto calcio tra vacanze ferie dentista parrucchiere scuola festa matrimonio esame prova settimanale mensile prossime mese treno spesa pagare comprare andare vedere ricorda sposta annulla cancella prenota prenotare lezione "
    "partita sabati domeniche prossimi mezza stamattina affitto medico pomeriggi sere gita "
    "ufficio quindici "
    "lunedì lunedi martedì martedi mercoledì mercoledi giovedì giovedi venerdì venerdi "
    "sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre domani "
    "dopodomani oggi ieri mattina pomeriggio sera stasera notte mezzogiorno mezzanotte settimana "
    "prossimo prossima ogni riunione appuntamento cena pranzo colazione chiamare chiama ricordami "
    "ricordare aggiungi compleanno dentista medico alle dalle fino ore minuti giorni anno mese "
    "tutti tutte della dello nella per incontro volo palestra una con",
    "Portuguese": "lembra pão relatório conta pagamento inscrição férias feriado escola festa casamento exame ensaio semanalmente mensalmente próximo cabeleireiro compromisso entregar buscar tenho preciso marque agende aula treino viagem terças quintas sextas segundas "
    "noites manhãs aluguel médica próximos compras almoçar jantares mensal semanal reuniões "
    "escritório "
    "segunda terça terca quarta quinta sexta feira sábado domingo janeiro fevereiro "
    "março abril maio junho julho agosto setembro outubro novembro dezembro amanhã amanha hoje ontem "
    "manhã tarde noite meio-dia meia-noite semana próximo próxima cada todos todas reunião reuniao "
    "encontro consulta jantar almoço almoco café ligar lembrar lembre lembrete agendar marcar "
    "aniversário dentista médico até às horas minutos dias ano mês uma pela pelo para voo da",
    "Dutch": "vakantie feestje bruiloft tentamen wekelijks maandelijks boodschappen trein vlucht ophalen verplaatsen vanmiddag vanochtend vannacht betalen ophalen huur kapper verplaats afspreken borrel "
    "werkoverleg iedereen maandagen dinsdagen zaterdagen donderdagen vrijdagen kwart "
    "woensdagen half naar "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart mei "
    "juni juli augustus oktober morgen overmorgen vandaag gisteren ochtend ochtends middag "
    "namiddag avond vanavond nacht middernacht volgende komende elke iedere vergadering afspraak "
    "lunch eten diner ontbijt bellen herinner verjaardag tandarts dokter huisarts uur uren minuten "
    "dagen weken maand maanden jaar tot vanaf tussen met voor naar van een het overleg bij",
    "German": "montags dienstags mittwochs donnerstags freitags samstags sonntags vierzehn halb viertel "
    "bezahlen abholen einkaufen verschieben absagen friseur miete feier wochenende täglich "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar "
    "märz mai juni juli oktober dezember morgen übermorgen uebermorgen heute gestern früh "
    "vormittag mittag mittags nachmittag abend abends nacht nachts mitternacht woche wochen nächste "
    "nächsten nächster naechste naechsten kommenden jeden jede jeder besprechung termin treffen "
    "essen abendessen mittagessen frühstück anrufen erinnere erinner geburtstag zahnarzt arzt uhr "
    "stunde stunden minuten tage tagen monat monate jahr bis von zwischen mit für und der das dem "
    "im zum zur bei",
    "Polish": "wakacje urlop szkoła szkole impreza ślub egzamin próba tygodniowo miesięcznie zakupy pociąg zakupach odbierz kup styczeń luty marzec kwiecień czerwiec lipiec sierpień wrzesień październik listopad "
    "grudzień wtorki soboty zapłacić zapłać kupić odebrać trening zebranie tygodnie piątki "
    "poniedziałki środy wizytę fryzjer rocznica południu wieczór pół "
    "poniedziałek poniedzialek wtorek środa środę czwartek piątek piatek sobota sobotę "
    "niedziela niedzielę stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
    "października listopada grudnia jutro pojutrze dziś dzisiaj wczoraj rano południe wieczorem "
    "wieczór północ tydzień tygodniu przyszły następny każdy każdą każdego co spotkanie wizyta "
    "kolacja obiad śniadanie zadzwonić zadzwoń przypomnij urodziny dentysta lekarz godzina godzinie "
    "godz minut dni miesiąc rok od się jest przez umów dodaj u dentysty lekarza",
    "Swedish": "fotbollsmatch verkstaden bitti intervju gitarrlektion hyran skola bröllop tenta veckovis månadsvis handla tåg hämta avboka måndagar tisdagar onsdagar torsdagar fredagar lördagar söndagar betala hyra hämta boka "
    "läkartid flyg halv kalas frisör mötet köpa träna inför "
    "måndag tisdag onsdag torsdag fredag lördag söndag januari februari mars maj juni "
    "juli augusti oktober imorgon morgon övermorgon idag igår förmiddag eftermiddag kväll ikväll "
    "natt middag veckan vecka nästa varje möte lunch frukost ringa påminn födelsedag tandläkare "
    "läkare klockan timmar minuter dagar månad år mellan från till och med hos för boka träning",
    "Norwegian": "fotball fotballkamp legetime tannlegetime frisør betale hente handle bryllup skole mandag tirsdag onsdag torsdag fredag lørdag søndag mars mai juni juli oktober "
    "desember morgen overmorgen dag går formiddag ettermiddag kveld natt uke uken neste hver møte "
    "lunsj frokost ringe bursdag tannlege lege klokken klokka timer minutter dager måned mellom fra "
    "til og med hos påminn legg",
    "Danish": "fodbold fodboldkamp lægetid frisør tandlægetid betale hente indkøb bryllup skole mandag tirsdag onsdag torsdag fredag lørdag søndag marts maj juni juli oktober "
    "december morgen overmorgen dag går formiddag eftermiddag aften nat uge næste hver møde frokost "
    "ringe fødselsdag tandlæge læge klokken timer minutter dage måned mellem fra til og med hos",
    "Finnish": "maanantai maanantaina tiistai tiistaina keskiviikko keskiviikkona torstai torstaina "
    "perjantai perjantaina lauantai lauantaina sunnuntai sunnuntaina tammikuuta helmikuuta "
    "maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta huomenna tänään eilen aamulla illalla viikolla ensi joka kokous palaveri "
    "tapaaminen lounas illallinen hammaslääkäri kello klo tuntia minuuttia ja kanssa",
    "Czech": "schůzku koupit zaplatit vyzvednout ve škola zubaře pondělí úterý středa středu čtvrtek pátek sobota sobotu neděle neděli ledna února "
    "března dubna května června července srpna září října listopadu prosince zítra pozítří dnes "
    "včera ráno dopoledne odpoledne večer poledne týden příští každý každou každé schůzka oběd "
    "večeře zavolat připomeň narozeniny zubař doktor hodin hodinu minut dní měsíc s ve v do od",
    "Turkish": "cumaya cumartesiye pazara salıya çarşambaya perşembeye öğleden sonra akşamı sabahı "
    "günleri toplantım arkadaşım ertesi öde kira saati buluşma kuaför uçuş dersi günü "
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar ocak şubat mart nisan mayıs "
    "haziran temmuz ağustos eylül ekim kasım aralık yarın bugün dün sabah öğle öğlen akşam gece "
    "haftaya hafta gelecek önümüzdeki her toplantı toplantısı randevu randevusu yemeği yemek kahvaltı "
    "ara aramayı hatırlat doğum günü diş doktor saat saatte dakika gün ay yıl ile için ve bir "
    "pazartesiye salıya",
    "Hungarian": "hétfő hétfőn kedd kedden szerda szerdán csütörtök csütörtökön péntek pénteken "
    "szombat szombaton vasárnap január február március április május június július augusztus "
    "szeptember október holnap holnapután ma tegnap reggel délután este éjjel dél hét jövő minden "
    "megbeszélés találkozó ebéd vacsora reggeli hívd emlékeztess születésnap fogorvos orvos óra "
    "órakor perc nap hónap és között",
    "Romanian": "luni marți marti miercuri joi vineri sâmbătă sambata duminică duminica ianuarie "
    "februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie mâine maine "
    "poimâine azi astăzi ieri dimineața prânz seara noapte săptămâna viitoare fiecare ședință sedinta "
    "întâlnire cină prânzul sună amintește ziua stomatolog dentist ora orele minute zile și cu la",
    "Indonesian": "senin selasa rabu kamis jumat sabtu minggu januari februari maret mei juni juli "
    "agustus oktober desember besok lusa hari ini kemarin pagi siang sore malam depan setiap rapat "
    "pertemuan makan telepon ingatkan ulang tahun dokter gigi jam pukul menit bulan dengan dan di",
    "Vietnamese": "thứ hai ba tư năm sáu bảy chủ nhật tháng ngày mai hôm nay sáng chiều tối trưa "
    "tuần tới mỗi họp cuộc gặp ăn gọi nhắc sinh nhật nha sĩ giờ phút với và lúc",
}
# Words that its names have too, or other languages.
_LITTLE = {
    "Spanish": "el la de del a al en y por lo mi un un los se", "French": "le la de du des et à au en un sur l d par",
    "Italian": "il lo la di da del al in e un i con mi", "Portuguese": "o a os as de do em no na e um com",
    "Dutch": "de en om op in te is", "German": "am um die den ein eine einen in zu auf an es ist",
    "Polish": "w we z ze o na i do po za", "Swedish": "kl på i en ett den det av", "Norwegian": "kl på i en et den det",
    "Danish": "kl på i en et den det", "Finnish": "on ei", "Czech": "na a o se", "Turkish": "da de bu",
    "Hungarian": "a az egy", "Romanian": "de pe în in o un", "Indonesian": "ke untuk", "Vietnamese": "ở",
}  # fmt: skip
# What is English in any text: words of one point, and time words of two.
_COMMON = (
    "the with at for my and of to with is are be was will this that these from by until till then "
    "we you your our i it he she they have has had get go going please can could would should let "
    "set up schedule book add put remind call meet meeting lunch dinner breakfast coffee party "
    "appointment event reminder about after before between during every each next last first all "
    "day days week weeks month months year hour hours minute minutes morning afternoon evening night "
    "noon midnight time when where what who how there here not out off new team review office class "
    "birthday dentist doctor game show gym run walk home school work trip flight move cancel create"
)
_TIMES = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july "
    "august october december tomorrow today tonight yesterday weekly daily monthly weekday weekdays "
    "mon tue tues wed thu thurs fri"
)
# English has taken these over; they say nothing about the rest of the text.
BORROWED = later(
    r"cinco de mayo|mardi gras|d[ií]a de (?:los )?muertos|feliz navidad|rendez[- ]?vous|bon voyage"
    r"|au pair|pas de deux|cr[eè]me de la cr[eè]me|cul[- ]de[- ]sac|jour de l'an|carpe diem|en route"
    r"|per (?:diem|person|capita|week|day|month)|via|vis[- ][aà][- ]vis|kaffee und kuchen|los \w+"
    r"|las vegas|buenos aires|pour over|petit four|joie de vivre|haute couture|café|soir[eé]e"
)
_SHARED_WITH_ENGLISH = frozenset(
    (
        "lunch diner mars mai maria co u s on per come fine timer ring ringe ora ma dan ma mart ara her "
        "est pour este entre dies hat dinner minute minutes horas cafe café da uke nat eten ve v do od "
        "la con una que los las rok ja mei di ini hari jam hai ba gigi tot met van een het met for med "
        "til fra og dag vol mois party ce april september november august januari doctor doktor dentist "
        "clase hora partido bis mit im das dem der zum zur bei und von dentista domingo julio junio "
        "agosto mayo quinta segunda maja rano rano uren mandag pasado marca per for till och år maine "
        "joi luni marti lege dage timmar aften minut dni lunsj december petit chez dans les tous ogni "
        "tutti tutte della dello nella ete sera ore anno hoy viaje poner para desde hasta quarta kai fois half sonra via noches pagar voir"
    ).split()
)


def _by_word(lists: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for name, words in lists.items():
        for word in dict.fromkeys(words.split()):
            table[word] = (*table.get(word, ()), name)
    return table


_JOINED = {
    "Dutch": ("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag", "ochtend middag avond nacht"),
    "German": (
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "morgen vormittag mittag nachmittag abend nacht",
    ),
    "Swedish": ("måndag tisdag onsdag torsdag fredag lördag söndag", "morgon kväll"),
}  # fmt: skip


def _joined(name: str) -> str:
    """Return the weekdays with the parts of the day written to them: "Freitagabend"."""
    days, parts = _JOINED.get(name, ("", ""))
    return " ".join(day + part for day in days.split() for part in parts.split())


_ALL = _by_word({name: f"{words} {_joined(name)}" for name, words in _OWN.items()})
OWN = {word: names for word, names in _ALL.items() if word not in _SHARED_WITH_ENGLISH}
LITTLE = _by_word(_LITTLE) | {
    word: names for word, names in _ALL.items() if word in _SHARED_WITH_ENGLISH
}
ENGLISH = dict.fromkeys(_COMMON.split(), 1) | dict.fromkeys(_TIMES.split(), 2)
