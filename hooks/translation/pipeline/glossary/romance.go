package glossary

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// romance returns the grammar of a Romance language, or of Latin.
func romance(language string) (grammar, bool) {
	switch language {
	case "fr", "oc", "wa":
		return french(), true
	case "es", "gl", "ast", "an":
		return spanish(), true
	case "ca":
		g := spanish()
		g.elides = true
		g.articles += " en na l d"
		return g, true
	case "pt":
		return portuguese(), true
	case "it", "scn", "co", "vec", "nap", "lmo":
		return italian(), true
	case "ro", "mo":
		return romanian(), true
	case "la":
		return latinGrammar(), true
	}
	return grammar{}, false
}

func french() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "s x e es"},
			{cut: "s", takes: "_ e es se ses"}, {cut: "e", takes: "_ s es"}, {cut: "es", takes: "_ e s"},
			{cut: "al", takes: "aux ale ales"}, {cut: "ail", takes: "aux"}, {cut: "aux", takes: "al ale ales"},
			{cut: "eur", takes: "euse euses"}, {cut: "teur", takes: "trice trices"},
			{cut: "er", takes: "ère ères"}, {cut: "f", takes: "ve ves"}, {cut: "x", takes: "se ses"},
			{cut: "n", takes: "nne nnes"}, {cut: "l", takes: "lle lles"}, {cut: "t", takes: "tte ttes"},
			{cut: "c", takes: "che ches que ques"}, {cut: "eau", takes: "elle elles"},
		},
		elides:   true,
		articles: "le la les l un une des du de d au aux",
	}
}

func spanish() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "s es a as"},
			{cut: "o", takes: "a os as"}, {cut: "a", takes: "o os as"}, {cut: "e", takes: "a as es"},
			{cut: "os", takes: "o a as"}, {cut: "as", takes: "a o os"}, {cut: "es", takes: "_ e"},
			{cut: "z", takes: "ces"}, {cut: "s", takes: "_ ses"},
		},
		articles: "el la los las lo un una unos unas al del de",
	}
}

func portuguese() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "s es a as"},
			{cut: "o", takes: "a os as"}, {cut: "a", takes: "o os as"},
			{cut: "os", takes: "o a as"}, {cut: "as", takes: "a o os"},
			{cut: "ão", takes: "ões ães ãos ona ã"}, {cut: "l", takes: "is"}, {cut: "il", takes: "eis is"},
			{cut: "m", takes: "ns"}, {cut: "z", takes: "zes"}, {cut: "ês", takes: "eses esa esas"},
		},
		articles: "o a os as um uma uns umas do da dos das no na de",
	}
}

func italian() grammar {
	return grammar{
		paradigms: []paradigm{
			{cut: "o", takes: "a i e"}, {cut: "a", takes: "o e i"}, {cut: "e", takes: "i a"}, {cut: "i", takes: "o e a"},
			{cut: "io", takes: "i ia ie"}, {cut: "co", takes: "chi ci ca che"}, {cut: "go", takes: "ghi ga ghe"},
			{cut: "ca", takes: "che"}, {cut: "ga", takes: "ghe"}, {cut: "cia", takes: "ce"}, {cut: "gia", takes: "ge"},
			{cut: "tore", takes: "trice trici"},
		},
		elides:   true,
		articles: "il lo la i gli le l un uno una del della dello dei degli delle al alla di",
	}
}

func romanian() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "ul ului ule a ei e i ii ilor le lor lui uri urile urilor ă"},
			{cut: "ă", takes: "a ei e ele elor i ii ile ilor"}, {cut: "e", takes: "ea ei i ii ile ilor a le lor ele elor"},
			{cut: "a", takes: "ei ă e ele elor i ii ile ilor"}, {cut: "u", takes: "ul ului i ii ilor a"},
			{cut: "t", takes: "ți ții ților"}, {cut: "d", takes: "zi zii zilor"}, {cut: "ea", takes: "elei ele elelor"},
			{cut: "ia", takes: "iei ie ii iile iilor"},
		},
		articles: "un o unui unei al a ai ale lui cel cea",
	}
}

func latinGrammar() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "is i em e es um ibus ae am"},
			{cut: "us", takes: "i o um e orum is os a ae am arum as u ui uum ibus eris oris"},
			{cut: "a", takes: "ae am arum is as us um i o"}, {cut: "um", takes: "i o a orum is"},
			{cut: "is", takes: "em i e es ium ibus"}, {cut: "es", takes: "is ei em e erum ebus ae en"},
			{cut: "x", takes: "cis ci cem ce ces cum cibus gis gi gem ge ges gum gibus"},
			{cut: "o", takes: "onis oni onem one ones onum onibus inis ini inem ine"},
			{cut: "s", takes: "tis ti tem te tes tum tibus dis di dem de"},
		},
	}
}

// unaccentedCapital returns a name as those write it who put no accents on
// capitals: Elisabeth for Élisabeth.
func unaccentedCapital(text string) []string {
	first, size := utf8.DecodeRuneInString(text)
	if first < utf8.RuneSelf || !unicode.IsUpper(first) {
		return nil
	}
	plain, _ := utf8.DecodeRuneInString(norm.NFD.String(text[:size]))
	if plain == first {
		return nil
	}
	return []string{string(plain) + text[size:]}
}
