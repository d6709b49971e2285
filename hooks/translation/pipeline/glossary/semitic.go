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

// fewestConsonants is how many make a root.
const fewestConsonants = 3

// rootOf returns the consonants of an Arabic word, of which its plural is made
// with other vowels between: كتاب and كتب. "" where they are too few, or there
// are several words.
func rootOf(word string) string {
	var letters []rune
	for _, l := range (folder{}).fold(word) {
		if scriptOf(l.r) != arabic {
			return ""
		}
		letters = append(letters, l.r)
	}
	if len(letters) > 4 && letters[0] == 'ا' && letters[1] == 'ل' {
		letters = letters[2:]
	}
	return consonants(letters)
}

func consonants(letters []rune) string {
	root := make([]rune, 0, len(letters))
	for _, r := range letters {
		if !strings.ContainsRune("اويهءئؤ", r) {
			root = append(root, r)
		}
	}
	if len(root) < fewestConsonants {
		return ""
	}
	return string(root)
}

// rootsOf returns the consonants of the Arabic words of a text, without what
// may be prefixes and pronouns.
func (x *index) rootsOf(r *reading) map[string]bool {
	roots := make(map[string]bool)
	tongue := &x.tongues[x.tongueOf[arabic]]
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.script != arabic || t.to-t.from > longestWord {
			continue
		}
		word := []rune(spelling(r.letters[t.from:t.to]))
		for from := range min(5, len(word)) {
			if from > 0 && !tongue.prefixes[string(word[:from])] {
				continue
			}
			roots[consonants(word[from:])] = true
			for to := max(from, len(word)-3); to < len(word); to++ {
				if tongue.endings[0].takes[string(word[to:])] {
					roots[consonants(word[from:to])] = true
				}
			}
		}
	}
	return roots
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
