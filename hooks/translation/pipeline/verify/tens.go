package verify

import "strings"

// spelled reports whether a number of two digits, or a decade, may stand in a
// text in words: its ten does. 37 → "sedmatřicetiletá", 1980 → "jaren tachtig".
func (c *Checker) spelled(digits, text string) bool {
	if len(digits) == 4 && digits[3] == '0' && digits[2] >= '2' {
		digits = digits[2:]
	}
	if len(digits) != 2 || digits[0] < '2' {
		return false
	}
	ten := int(digits[0] - '2')
	for stems := range strings.SplitSeq(tens(c.target.base), " ") {
		if ten == 0 {
			for stem := range strings.SplitSeq(stems, "|") {
				if stem != "" && strings.Contains(strings.ToLower(text), stem) {
					return true
				}
			}
			return false
		}
		ten--
	}
	return false
}

// tens returns the stems of 20, 30, … 90 in a language, in lower case, a space
// between the tens and "|" between forms of one; "" where they are not known.
func tens(base string) string {
	switch base {
	case "en":
		return "twent thirt fort|fourt fift sixt sevent eight ninet"
	case "de":
		return "zwanzig dreißig|dreissig vierzig fünfzig sechzig siebzig achtzig neunzig"
	case "nl", "af":
		return "twintig dertig veertig vijftig|vyftig zestig|sestig zeventig|sewentig tachtig negentig|neëntig"
	case "sv":
		return "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio"
	case "da":
		return "tyve tredive|tredv fyrre|fyrre halvtreds tres halvfjerds firs halvfems"
	case "nb", "nn", "no":
		return "tjue|tyve tretti førti femti seksti sytti åtti nitti"
	case "is":
		return "tuttug þrjátíu|þrítug fjörutíu|fertug fimmtíu|fimmtug sextíu|sextug sjötíu|sjötug áttatíu|áttræð níutíu|níræð"
	case "fr":
		return "vingt trent quarant cinquant soixant soixant|septant quatre-vingt|huitant quatre-vingt|nonant"
	case "es", "gl":
		return "veint|vigés|vint treint|trigés|trint cuarent|cuadrag|corent cincuent|quincuag|cincuent sesent|sexag|sesent setent|septuag ochent|octog|oitent novent|nonag"
	case "pt":
		return "vint|vigés trint|trigés quarent|quadrag cinquent|quinquag sessent|sexag setent|septuag oitent|octog novent|nonag"
	case "ca":
		return "vint trent quarant cinquant seixant setant vuitant norant"
	case "it":
		return "vent trent quarant cinquant sessant settant ottant novant"
	case "ro":
		return "douăzec treizec patruzec cincizec şaizec|șaizec şaptezec|șaptezec optzec nouăzec"
	case "ru":
		return "двадцат тридцат сорок|сороков пятьдес|пятидес шестьдес|шестидес семьдес|семидес восемьдес|восьмидес девяност"
	case "uk":
		return "двадцят тридцят сорок п’ятдес|п'ятдес|п’ятидес|п'ятидес шістдес|шестидес сімдес|семидес вісімдес|вісімдес|восьмидес дев’яност|дев'яност"
	case "be":
		return "дваццац трыццац сорак|сарака пяцьдзес|пяцідзес шэсцьдзес|шасцідзес семдзес|сямідзес восемдзес|васьмідзес дзевяност"
	case "bg", "mk":
		return "двадес|дваес тридес|триес четиридес|четирисет|четириес петдес шейсет|шестдес|шеес седемдес осемдес деветдес"
	case "sr", "hr", "bs", "sl":
		return "dvades|dvajset|двадес trides|тридес četrdes|štirides|четрдес pedes|petdes|педес šezdes|šestdes|шездес sedamdes|sedemdes|седамдес osamdes|osemdes|осамдес devedes|devetdes|деведес"
	case "pl":
		return "dwadzie|dwudzie trzydzie czterdzie|czterdzie pięćdzie sześćdzie siedemdzie osiemdzie dziewięćdzie"
	case "cs":
		return "dvacet|dvacát třicet|třicát čtyřicet|čtyřicát padesát šedesát sedmdesát osmdesát devadesát"
	case "sk":
		return "dvadsa tridsa štyridsa päťdesiat šesťdesiat sedemdesiat osemdesiat deväťdesiat"
	case "lt":
		return "dvidešim trisdešim|trisdešim keturiasdešim|keturiasdešim penkiasdešim šešiasdešim septyniasdešim aštuoniasdešim devyniasdešim"
	case "lv":
		return "divdesmit trīsdesmit četrdesmit piecdesmit sešdesmit septiņdesmit astoņdesmit deviņdesmit"
	case "fi":
		return "kaksikymmen|kahdenkymm|kahdeskymm kolmekymmen|kolmenkymm|kolmaskymm neljäkymmen|neljänkymm viisikymmen|viidenkymm kuusikymmen|kuudenkymm seitsemänkymmen|seitsemänkymm kahdeksankymmen|kahdeksankymm yhdeksänkymmen|yhdeksänkymm"
	case "et":
		return "kakskümmen|kahekümne kolmkümmen|kolmekümne nelikümmen|neljakümne viiskümmen|viiekümne kuuskümmen|kuuekümne seitsekümmen|seitsmekümne kaheksakümmen|kaheksakümne üheksakümmen|üheksakümne"
	case "hu":
		return "húsz|husz harminc negyven ötven hatvan hetven nyolcvan kilencven"
	case "tr":
		return "yirmi otuz kırk elli altmış yetmiş seksen doksan"
	case "az":
		return "iyirmi otuz qırx əlli altmış yetmiş səksən doxsan"
	case "el":
		return "είκοσι|εικοσ|εικοστ τριάντα|τριαντ|τριακοστ σαράντα|σαραντ πενήντα|πενηντ εξήντα|εξηντ εβδομήντα|εβδομηντ ογδόντα|ογδοντ ενενήντα|ενενηντ"
	case "ar":
		return "عشرين|عشرون ثلاثين|ثلاثون|ثلاثين|الثلاثين|ثلاثينيات أربعين|أربعون|أربعينيات خمسين|خمسون|خمسينيات ستين|ستون|ستينيات سبعين|سبعون|سبعينيات ثمانين|ثمانون|ثمانينيات تسعين|تسعون|تسعينيات"
	case "he":
		return "עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים"
	case "fa":
		return "بیست سی|سی\u200c چهل پنجاه شصت هفتاد هشتاد نود"
	case "ur":
		return "بیس|بیسو تیس|تیسو چالیس پچاس ساٹھ ستر اسی نوے"
	case "hi":
		return "बीस|ईस तीस चालीस|तालीस पचास|वन साठ|सठ सत्तर|हत्तर अस्सी|सी नब्बे|नवे"
	case "id", "ms":
		return "puluh puluh puluh puluh puluh puluh puluh puluh"
	case "vi":
		return "mươi mươi mươi mươi mươi mươi mươi mươi"
	case "th":
		return "ยี่สิบ สามสิบ สี่สิบ ห้าสิบ หกสิบ เจ็ดสิบ แปดสิบ เก้าสิบ"
	case "ko":
		return "스물|이십|스무 서른|삼십 마흔|사십 쉰|오십 예순|육십 일흔|칠십 여든|팔십 아흔|구십"
	case "ka":
		return "ოც ოც ორმოც ორმოც სამოც სამოც ოთხმოც ოთხმოც"
	}
	return ""
}
