package glossary

import (
	"strings"

	"golang.org/x/text/language"
)

// languageOf returns the base of a BCP 47 tag, "" where it cannot be read.
func languageOf(tag string) string {
	if tag == "" {
		return ""
	}
	parsed, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	base, _ := parsed.Base()
	if s := base.String(); s != "und" && s != "mul" {
		return s
	}
	return ""
}

// folderOf returns how texts in a language are folded.
func folderOf(language string) folder {
	return folder{
		dotless:    language == "tr" || language == "az" || language == "tt" || language == "crh",
		unaccented: language == "es" || language == "el" || language == "gl",
	}
}

// grammarsOf returns the grammars of a text in a language, by script. Words in
// a foreign script are inflected as in the best known language that has it.
func grammarsOf(language string) map[script]grammar {
	all := map[script]grammar{hangul: korean(), latin: {}, cyrillic: russian(), greek: greekGrammar(), arabic: arabicGrammar(), hebrew: hebrewGrammar(), devanagari: hindi()}
	switch language {
	case "":
		all[latin] = english()
	case "fa", "ps", "ckb":
		all[arabic] = persian()
	case "ur", "sd", "pnb":
		all[arabic] = urdu()
	}
	own := ownGrammar(language)
	for _, s := range []script{latin, cyrillic, spaced} {
		if s == scriptOfGrammar(own) {
			all[s] = own
		}
	}
	return all
}

// scriptOfGrammar returns the script of a grammar's endings.
func scriptOfGrammar(g grammar) script {
	for _, p := range g.paradigms {
		for _, r := range p.takes {
			if s := scriptOf(r); s >= latin {
				return s
			}
		}
	}
	return none
}

// ownGrammar returns the grammar of a language that is written in Latin,
// Cyrillic or a script of its own; an empty one where nothing is known.
func ownGrammar(language string) grammar {
	switch language {
	case "en", "sco":
		return english()
	case "de", "nds", "lb", "gsw", "bar":
		return german()
	case "nl", "af", "fy":
		return dutch()
	case "sv", "da", "no", "nb", "nn", "is", "fo":
		return nordic()
	}
	if g, ok := romance(language); ok {
		return g
	}
	if g, ok := slavic(language); ok {
		return g
	}
	if g, ok := agglutinative(language); ok {
		return g
	}
	return grammar{}
}

func setOf(words string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// homographs are ordinary words of a language that are names too: with
// a capital at the beginning of a sentence they may be either.
func homographs(language string) map[string]bool {
	switch language {
	case "en":
		return setOf(`art bill bob brown carol chase china chip christian clay cliff cook dale dawn dean
			don drew faith fish flora frank gay gene ginger glen grace grant green guy hazel heath hope hunter
			iris ivy jack jade jasmine jean jerry jersey jim john joy june kit lance laurel lee lily mark may
			mike miles mercy nick norm olive page paris pat patience pearl penny pepper peter polish prudence
			rain ray reading rich rob robin rose ruby rusty sally sandy skip smith sparrow spring star sterling
			stone storm sue summer sunny swift ted terry tony turkey victor violet wade ward west white will
			winter wood woody young`)
	case "fr":
		return setOf("rose pierre blanche claire constant désiré fleur marguerite victoire aimé martin olive franc")
	case "ru":
		return setOf("вера надежда любовь роман лев слава мир майя роза лилия")
	case "tr":
		return setOf(`deniz umut ümit barış savaş güneş yıldız çiçek gül can kaya toprak yağmur bulut rüzgar
			sevgi sevda özgür aslan ay bahar zafer inci ipek altın doğan aydın deli kara ak demir taş çelik ece
			duygu hayat melek nur ömer onur tan uğur ufuk yaprak yaz`)
	case "es":
		return setOf("rosa luz dolores mercedes consuelo esperanza pilar victoria alba blanca clara leon paz santos cruz")
	case "it":
		return setOf("rosa bianca chiara vittoria gioia fiore franco leone pace")
	}
	return nil
}
