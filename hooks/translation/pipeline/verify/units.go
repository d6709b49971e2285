package verify

import "strings"

// measured reports whether a number is followed by a unit of measure that
// translators convert: miles, feet, pounds, degrees.
func measured(text string, n *number) bool {
	rest := text[n.end:min(len(text), n.end+30)]
	// "30 to 40 mph", "30–40 mph"
	rest = strings.TrimPrefix(strings.TrimLeft(rest, " -–\u00a0\u202f\u2011"), "to ")
	rest = strings.TrimLeft(rest, " -–0123456789.,\u00a0\u202f\u2011")
	if n.end+1 < len(text) && strings.HasPrefix(text[n.end:], "s ") {
		return true // temperatures in the 80s
	}
	rest = strings.ToLower(rest)
	for unit := range strings.SplitSeq(units(), "|") {
		if strings.HasPrefix(rest, unit) {
			return true
		}
	}
	return false
}

// units are how the names of units begin, in the languages that have names of
// their own for them.
func units() string {
	return "mile|mi |mph|mp/|pound|lb|feet|foot|ft|inch|in.|yard|yd|acre|degree|°|º|gallon|gal|ounce|oz|km|kilo|kph|kg|quilo|chilo|met|mét|m |m.|m,|cm|ha |hect|" +
		"grad|grau|grado|degr|stup|stop|aste|fok|derece|millas|milhas|miglia|meil|mijl|mil |mil.|mila|mili|libra|libbr|livre|pfund|pond|pied|pies|pés|piedi|fuß|voet|fot|jalka|ft.|pouce|pulg|poleg|polli|zoll|yarda|iard|" +
		"мил|фунт|фут|дюйм|ярд|акр|градус|кило|км|кг|метр|м |м.|마일|파운드|피트|인치|야드|에이커|도|킬로|미터|マイル|ポンド|フィート|インチ|ヤード|エーカー|度|キロ|メートル|英里|磅|英尺|英寸|码|碼|英亩|公里|千米|公斤|千克|米|" +
		"ميل|رطل|قدم|بوصة|ياردة|درجة|كيلو|كم|متر|मील|पाउंड|फ़ीट|फीट|इंच|गज|डिग्री|किलो|मीटर|ayak|inç|kilom|מייל|מיל|קמ|ק״מ|ק\"מ|ק“מ|ק״ג|ק\"ג|ק“ג|קילו|מעלות|ליבר|רגל|אינץ|מטר|χλμ|χιλι|μίλ|μιλ|βαθμ|κιλ|πόδ|ίντσ|μέτρ|γιάρδ|کیلو|مایل|فوت|اینچ|درجه|پوند|یارد"
}

// converted reports whether a number stands in the translation in another unit,
// rounded: miles, feet, inches, yards, pounds, acres, gallons, ounces, degrees,
// miles an hour, either way.
func (s *store) converted(value float64) bool {
	factors := [...]float64{1.609, 0.3048, 2.54, 0.9144, 0.4536, 0.4047, 3.785, 28.35, 0.447, 0.2778, 1.8, 25.4}
	for _, digits := range s.written {
		if s.whole[digits] <= 0 {
			continue
		}
		other := float64(valueOf(digits))
		near := func(expected float64) bool {
			return other >= expected*0.95-1 && other <= expected*1.05+1
		}
		if near((value-32)/1.8) || near(value*1.8+32) {
			return true
		}
		for _, factor := range factors {
			if near(value*factor) || near(value/factor) {
				return true
			}
		}
	}
	return false
}
