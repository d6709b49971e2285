package glossary

import "strings"

// english has plurals; a possessive is the word and an apostrophe.
func english() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "s", from: 3},
			{cut: "y", takes: "ies", after: "bcdfghjklmnpqrstvwxz"},
			{cut: "s", takes: "ses"}, {cut: "s", takes: "_", from: 5}, {cut: "x", takes: "xes"}, {cut: "z", takes: "zes zzes"},
			{cut: "ch", takes: "ches"}, {cut: "sh", takes: "shes"}, {cut: "o", takes: "oes"},
			{cut: "f", takes: "ves"}, {cut: "fe", takes: "ves"},
			{cut: "man", takes: "men", from: 1}, {cut: "woman", takes: "women", from: 1},
			{cut: "us", takes: "i"}, {cut: "um", takes: "a"}, {cut: "is", takes: "es"},
		},
		articles: "the a an",
	}
}

func german() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "_ s es e en er ern n ns ens em se sen nen"},
			{cut: "e", takes: "_ en em er es ern n s ns ens"},
			{cut: "er", takes: "e en em es"}, {cut: "es", takes: "e en em er"}, {cut: "en", takes: "e em er es _"},
			{cut: "el", takes: "le len ler les lem"}, {cut: "um", takes: "en"}, {cut: "us", takes: "i en"},
			{cut: "a", takes: "en"}, {cut: "ik", takes: "iken"},
		},
		alter:     umlauts,
		compounds: true,
		articles:  "der die das des dem den ein eine einen einem einer eines",
	}
}

// umlauts returns a word with the umlaut of its plural.
func umlauts(word string) []string {
	at := strings.LastIndexAny(word, "aou")
	if at < 0 {
		return nil
	}
	if word[at] == 'u' && at > 0 && word[at-1] == 'a' {
		at--
	}
	for _, u := range [][2]string{{"a", "ä"}, {"o", "ö"}, {"u", "ü"}} {
		if rest, ok := strings.CutPrefix(word[at:], u[0]); ok {
			changed := word[:at] + u[1] + rest
			return []string{changed, strings.TrimSuffix(changed, "e")}
		}
	}
	return nil
}

func dutch() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "s en n e er es eren ens"},
			{cut: "e", takes: "_ en er es n s"},
			{cut: "en", takes: "e _"},
			{cut: "f", takes: "ven ve"}, {cut: "s", takes: "zen ze ssen"},
		},
		alter:     dutchVowels,
		compounds: true,
		articles:  "de het een den der des",
	}
}

// dutchVowels returns the stem of a plural: of "kaap" it is "kap", of "kat"
// "katt".
func dutchVowels(word string) []string {
	n := len(word)
	if n < 3 || strings.IndexByte("aeiou", word[n-1]) >= 0 {
		return nil
	}
	if word[n-2] == word[n-3] && strings.IndexByte("aeou", word[n-2]) >= 0 {
		return []string{word[:n-2] + word[n-1:]}
	}
	return []string{word + word[n-1:]}
}

func nordic() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "_ s en et n t a e er ar or na ne ene erne arna erna orna ens ets arnas ernas ernes enes " +
				"ers ars ur i um inn ið ins anna ir unum inum"},
			{cut: "a", takes: "an or orna ornas ans as u ur unni una ar"},
			{cut: "e", takes: "en ar arna er ene ens a et"},
			{cut: "el", takes: "eln lar larna len ler lene"}, {cut: "er", takes: "ern rar rarna ren re rene"},
			{cut: "ur", takes: "_ s i um ar ir inn"}, {cut: "um", takes: "et"},
		},
		alter:     umlauts,
		compounds: true,
		articles:  "den det de en ett et ei",
	}
}
