package glossary

// hard are the consonants that Russian words end with.
const hard = "бвгґджзйклмнпрстфхцчшщћђљњџј"

// slavic returns the grammar of a Slavic language.
func slavic(language string) (grammar, bool) {
	switch language {
	case "ru":
		return russian(), true
	case "uk", "be", "rue":
		return ukrainian(), true
	case "bg", "mk":
		return bulgarian(), true
	case "sr", "sh":
		return serbian(), true
	case "pl", "szl", "csb":
		return polish(), true
	case "cs", "sk", "hsb", "dsb":
		return czech(), true
	case "hr", "bs", "sl":
		return croatian(), true
	}
	return grammar{}, false
}

func russian() grammar {
	const adjective = "ый ой ого ому ым ом ая ую ою ое ые ых ыми ий его ему им ем яя ей юю ее ие их ими"
	return grammar{paradigms: []paradigm{
		{takes: "а у ом ем е ы и ов ев ей ам ами ах ым ых ыми ой ою ям ями ях я ю", after: hard},
		{cut: "ь", takes: "я ю ем ом е и ей ям ями ях ью ев"},
		{cut: "й", takes: "я ю ем е и ев ям ями ях"},
		{cut: "а", takes: "_ ы и е у ой ою ей ею ам ами ах ь"},
		{cut: "я", takes: "_ и е ю ей ею ям ями ях ь й"},
		{cut: "о", takes: "_ а у ом е ам ами ах и ов"},
		{cut: "е", takes: "я ю ем и ям ями ях ей й а у ь"},
		{cut: "ие", takes: adjective}, {cut: "ые", takes: adjective}, {cut: "ый", takes: adjective},
		{cut: "ий", takes: adjective + " ья ьего ьему ьим ье ьи ьих ьими"}, {cut: "ой", takes: adjective},
		{cut: "ая", takes: adjective}, {cut: "ое", takes: adjective}, {cut: "яя", takes: adjective}, {cut: "ее", takes: adjective},
		{cut: "ы", takes: "_ а у ом е ой ов ам ами ах"}, {cut: "и", takes: "_ а я у ю ом ем е ь й ой ей ов ев ам ами ах ям ями ях ок ек"},
		{cut: "тра", takes: "тер"}, {cut: "кно", takes: "кон"}, {cut: "цо", takes: "ец"}, {cut: "ьмо", takes: "ем"}, {cut: "ля", takes: "ель"}, {cut: "ня", takes: "ен"}, {cut: "ло", takes: "ел"},
		{cut: "онь", takes: "ня ню нем не ни ней ням нями нях"},
		{cut: "ка", takes: "ок ек"}, {cut: "ец", takes: "ца цу цом цем це цы цев цов цам цами цах йца йцу йцем йцы йцев ьца ьцу ьцем ьце ьцы ьцев ьцам"},
		{cut: "ок", takes: "ка ку ком ке ки ков кам ками ках"}, {cut: "ек", takes: "ка ку ком ке ки ков ька ьку ьком ьки"},
		{cut: "ел", takes: "ла лу лом ле лы лов лам лами лах"}, {cut: "ев", takes: "ьва ьву ьвом ьве ьвы ьвов", from: 1},
		{cut: "ень", takes: "ня ню нем не ни ней ням нями нях"}, {cut: "мя", takes: "мени менем мена мен менам менами менах"},
		{cut: "ин", takes: "е _ ам ами ах ы"}, {cut: "онок", takes: "ата ят атам атами атах"},
		{cut: "ер", takes: "ра ру ром ре ры ров"}, {cut: "от", takes: "та ту том те ты"}, {cut: "ья", takes: "ей"},
	}}
}

func ukrainian() grammar {
	const adjective = "ий ого ому им ім а ої ій у ою е і их ими ая ую яя ый ым ые ых ымі ай ага аму"
	return grammar{letter: true, paradigms: []paradigm{
		{takes: "а у ові еві ем ом і ї е и ів їв ами ам ах ям ями ях ой ою им их я ю ы аў", after: hard},
		{cut: "ь", takes: "я ю ем ем єм еві і ів ям ями ях ею"}, {cut: "й", takes: "я ю єм єві ї їв ям ями ях ем"},
		{cut: "а", takes: "_ и і у ою о ам ами ах ею ы е ой"}, {cut: "я", takes: "_ і ї ю ею єю є ям ями ях ь й"},
		{cut: "о", takes: "_ а у ом і ам ами ах е"}, {cut: "е", takes: "я ю ем і ь"},
		{cut: "ий", takes: adjective}, {cut: "ій", takes: adjective + " ього ьому"}, {cut: "а", takes: adjective}, {cut: "е", takes: adjective},
		{cut: "и", takes: "_ ів ам ами ах"}, {cut: "ка", takes: "ок ек ці цы"}, {cut: "га", takes: "зі"}, {cut: "ха", takes: "сі"},
		{cut: "ець", takes: "ця цю цем цеві ці ців цям цями"}, {cut: "ок", takes: "ка ку ком кові ки ків"},
		{cut: "їв", takes: "єва єву євом єві"}, {cut: "іл", takes: "ола олу олом олі"}, {cut: "ів", takes: "ова ову овом ові ева еву"}, {cut: "ін", takes: "она ону оном оні"},
		{cut: "ый", takes: adjective}, {cut: "ы", takes: adjective},
	}}
}

func bulgarian() grammar {
	return grammar{paradigms: []paradigm{
		{takes: "а ът я ят о е и ите та то те ове овете у ът от ов ови овите"},
		{cut: "а", takes: "_ ата и ите о у е та"}, {cut: "я", takes: "ята и ите ьо йо"}, {cut: "о", takes: "ото а ата"},
		{cut: "е", takes: "ето та тата я ята ове"}, {cut: "й", takes: "я ят и ите ю"}, {cut: "и", takes: "ият ия а ата о ото те"},
		{cut: "ец", takes: "ци ците еца ецът"}, {cut: "к", takes: "ци ците"}, {cut: "ен", takes: "на ната но ното ни ните ния ният"},
	}}
}

func serbian() grammar {
	g := grammar{paradigms: []paradigm{
		{takes: "а у ом ем е и ови ове ова овима има има ог ога ом ому их им", after: hard},
		{cut: "а", takes: "_ е и у ом о ама ин ина"}, {cut: "о", takes: "а у ом има е"}, {cut: "е", takes: "а у ем има та ту том"},
		{cut: "и", takes: "ог ога ом им их а е о у ој"}, {cut: "ац", takes: "ца цу цем че ци цима"}, {cut: "к", takes: "ци цима че"},
	}}
	return g
}

func polish() grammar {
	const adjective = "y i ego emu ym im a ą ej e ych ymi ich imi iego iemu iej ie ia ią"
	return grammar{paradigms: []paradigm{
		{takes: "a u owi em iem e ie y i ów om ami ach owie ze cie dzie a ę ia iu iowi iom iami iach ek", after: "bcćdfghjklłmnńprsśtwzźż"},
		{cut: "a", takes: "_ y i ę ą o ie e om ami ach u ze"}, {cut: "ia", takes: "i ię ią io iom iami iach ii"}, {cut: "ja", takes: "i ję ją jo jom ii"},
		{cut: "o", takes: "_ a u em ie om ami ach"}, {cut: "e", takes: "a u em om ami ach y i"},
		{cut: "y", takes: adjective + " ów om ami ach"}, {cut: "i", takes: adjective + " ów om ami ach"},
		{cut: "a", takes: adjective}, {cut: "e", takes: adjective},
		{cut: "ek", takes: "ka kowi kiem ku ki ków kom kami kach ce"}, {cut: "eł", takes: "ła łowi łem le ły łów"},
		{cut: "el", takes: "la lowi lem lu le"}, {cut: "iec", takes: "ca cowi cem cu cy ców com"}, {cut: "ec", takes: "ca cowi cem cze cu"},
		{cut: "er", takes: "ra rowi rem rze ry"}, {cut: "ór", takes: "oru orowi orem orze ory"}, {cut: "ód", takes: "odu odem odzie ody"},
		{cut: "óz", takes: "ozu ozem ozie ozy"}, {cut: "ów", takes: "owa owu owem owie"}, {cut: "iew", takes: "wa wowi wem wie"},
		{cut: "ka", takes: "ce ek"}, {cut: "ga", takes: "dze g"}, {cut: "ta", takes: "cie"}, {cut: "da", takes: "dzie"},
		{cut: "ła", takes: "le ł"}, {cut: "ra", takes: "rze"}, {cut: "na", takes: "nie"}, {cut: "ch", takes: "sze"}, {cut: "ha", takes: "sze"},
		{cut: "t", takes: "cie"}, {cut: "st", takes: "ście"}, {cut: "d", takes: "dzie"}, {cut: "ł", takes: "le"}, {cut: "k", takes: "cy ku"},
		{cut: "ń", takes: "nia niowi niem niu nie ni niom niami niach nią"}, {cut: "ś", takes: "sia siowi siem siu"}, {cut: "ć", takes: "cia ci cią ciom"},
		{cut: "ź", takes: "zia ziem ziu"}, {cut: "ość", takes: "ości ością"}, {cut: "g", takes: "dzy"}, {cut: "ąb", takes: "ęba ębem ębie ęby"},
		{cut: "ódź", takes: "odzi odzią"}, {cut: "um", takes: "a ów om ami ach"}, {cut: "ń", takes: "ńcu"}, {cut: "ę", takes: "ęcia ęciem ęciu enia eniem eniu ona"},
	}}
}

func czech() grammar {
	const adjective = "ý ého ému ém ým á é ou í ých ými ích ím ího ímu ej ú"
	return grammar{paradigms: []paradigm{
		{takes: "a u ovi em om e ě i y ů ům ech ami ové ové mi ích a ou o í ovia mi och ov", after: "bcčdďfghjklmnňpqrřsštťvwxzžľĺŕ"},
		{cut: "a", takes: "_ y ě e u o ou ám ách ami i"}, {cut: "e", takes: "i í ím ích emi ete"}, {cut: "o", takes: "_ a u em ě e ům ech y"},
		{cut: "ý", takes: adjective}, {cut: "í", takes: adjective}, {cut: "á", takes: adjective}, {cut: "é", takes: adjective},
		{cut: "ek", takes: "ka kovi kem ku ky ků kům cích kách"}, {cut: "el", takes: "la lovi lem le lu"}, {cut: "ec", takes: "ce ci cem covi če ců"},
		{cut: "ka", takes: "ce ek"}, {cut: "ha", takes: "ze"}, {cut: "ra", takes: "ře"}, {cut: "ek", takes: "čkem"}, {cut: "um", takes: "a u em"},
		{cut: "us", takes: "a ovi em"}, {cut: "es", takes: "sa sovi sem"}, {cut: "h", takes: "zi ze"}, {cut: "ch", takes: "ši"}, {cut: "k", takes: "ci"}, {cut: "r", takes: "ři"},
	}}
}

func croatian() grammar {
	return grammar{paradigms: []paradigm{
		{takes: "a u om em e i ovi ove ova ovima ima ima ama og oga omu ome im ih ov ev ega emu jem ja ju", after: "bcčćdđfghjklmnprsštvzž"},
		{cut: "a", takes: "_ e i u o om ama ah in ina"}, {cut: "o", takes: "a u om ima e ov"}, {cut: "e", takes: "a u em ima ta tu tom"},
		{cut: "i", takes: "og oga omu om im ih a e o u oj ega emu"}, {cut: "ac", takes: "ca cu cem če ci cima"}, {cut: "ec", takes: "ca cu cem ci"},
		{cut: "k", takes: "ci cima če"}, {cut: "ek", takes: "ka ku kom ki"}, {cut: "ka", takes: "ci"},
	}}
}
