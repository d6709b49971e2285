package glossary

import "strings"

// arabicGrammar is that of Arabic, which folding has freed of vowel signs and
// of the forms of alef, and whose ta marbuta is a plain he.
func arabicGrammar() grammar {
	const pronouns = " ه ها هم هن هما ك كم كن ي نا ني"
	return grammar{
		prefixes: "و ف ب ل ك س ال وال فال بال كال لل ولل فلل وب ول فب فل وك بو",
		paradigms: []paradigm{
			{takes: "_ ا ان ين ون ات ه ي يه ين اته اتها اتهم تان تين وا" + pronouns},
			{cut: "ه", takes: "ت ات تان تين ته تها تهم تهن تك تكم تي تنا ي ية"},
			{cut: "ي", takes: "يه يا ين ون يون يين و"}, {cut: "ا", takes: "اه اها اي"},
		},
		alter: withoutArticle,
	}
}

// withoutArticle returns a word without its article, so that it is found with
// another prefix.
func withoutArticle(word string) []string {
	w := []rune(word)
	if len(w) < 5 || w[0] != 'ا' || w[1] != 'ل' {
		return nil
	}
	bare := string(w[2:])
	stems := []string{bare, "ل" + bare}
	if stem, ok := strings.CutSuffix(bare, "ه"); ok {
		stems = append(stems, stem+"ت")
	}
	return stems
}

func persian() grammar {
	return grammar{
		paradigms: []paradigm{{chain: true, takes: "ها هاي ي ان ات م ت ش مان تان شان را اي گان هايي ست اند ام يم"}},
	}
}

func urdu() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "وں ون يں ين ے ي ات ان و ں"}, {cut: "ا", takes: "ے وں و ي ياں"}, {cut: "ه", takes: "ے وں و"}, {cut: "ي", takes: "ياں يوں يو"},
		},
	}
}

func hebrewGrammar() grammar {
	return grammar{
		prefixes: "ו ה ב ל מ ש כ וה וב ול ומ וש וכ שה שב של שמ מה בה כה לה כש וכש שכ מש ושה ושב ושל ומה כשה",
		paradigms: []paradigm{
			{takes: "ימ ות י ו ה מ נ נו כמ כנ יה יו ית ייה ת תי יימ"},
			{cut: "ה", takes: "ת ות תו תה תי תנו תמ ה"}, {cut: "ת", takes: "ות ויות תו"}, {cut: "י", takes: "ימ יימ ית יות"},
			{cut: "ות", takes: "ויות ה _"}, {cut: "ימ", takes: "י _ יו"},
		},
	}
}
