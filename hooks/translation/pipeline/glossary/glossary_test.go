package glossary_test

import (
	"fmt"
	"strings"
	"testing"

	"verso/hooks/translation/pipeline/glossary"
)

// marked returns a text with brackets around what was found.
func marked(text string, found []glossary.Occurrence) string {
	var b strings.Builder
	at := 0
	for _, o := range found {
		fmt.Fprintf(&b, "%s[%s]", text[at:o.Start], text[o.Start:o.End])
		at = o.End
	}
	return b.String() + text[at:]
}

func terms(lines ...string) []glossary.Term {
	var all []glossary.Term
	for _, line := range lines {
		term, translation, _ := strings.Cut(line, "=")
		all = append(all, glossary.Term{Term: term, Translation: translation})
	}
	return all
}

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name, language, terms, want string
	}{
		{"inside a word", "en", "art", "start the [art] of [Arts], party"},
		{"possessive", "en", "Ahab", "[Ahab]'s leg and [Ahab]’s hat"},
		{"plural", "en", "whale|city", "[whales] and [cities]"},
		{"names want capitals", "en", "Will", "I will ask [Will]; WHERE IS [WILL]?"},
		{"contraction", "en", "Don", "Don't ask [Don]"},
		{"longest", "en", "New York|New York Times", "the [New York Times] in [New York]"},
		{"over lines and tags", "en", "New York Times", "the [New <1>York\n  Times]</1>, [New-York Times]"},
		{"tag inside a word", "en", "whale", "a <1>[w</1>hale]<2/>and more"},
		{"hyphens", "en", "law|whale", "mother-in-law, [whale]-ship, [law]-giver"},
		{"composed or not", "fr", "Ismaël", "[Ismae\u0308l] et [Ismaël], pas Ismael"},
		{"elision", "fr", "homme", "l’[homme], les [hommes]"},
		{"soft hyphen", "en", "whale", "the [wh\u00ADale]"},
		{"Irish name", "en", "Brien|O'Brien", "[O’Brien] and [Brien]"},
		{"Russian", "ru", "Анна|Измаил", "[Анны], [Анну], [Измаилом], Измайлов"},
		{"Turkish", "tr", "İstanbul|kitap", "[İstanbul]'da [kitabı], [kitaplar], [İSTANBUL]"},
		{"Korean", "ko", "이상|고래", "[이상]은 이상한 [고래]를 고래고래"},
		{"katakana", "ja", "アン", "[アン]はアンドロイド、[アン]・ブーリン"},
		{"kanji", "ja", "京都|東京", "[東京]都と[京都]府、[東京]都"},
		{"kanji across words", "ja", "京都|本", "東京都と[京都]、日本と[本]"},
		{"Chinese", "zh", "阿Q|道", "[阿Ｑ]和道士"},
		{"Thai", "th", "กา", "กาแฟ"},
		{"Arabic", "ar", "القاهرة", "إلى [القاهرة] و[القاهرة]"},
		{"wide letters", "ja", "API", "[ＡＰＩ]は"},
		{"signs", "en", "C|C++", "[C] and [C++] and C#"},
		{"initials", "en", "J.R.R. Tolkien", "[J. R. R. Tolkien], [J.R.R. Tolkien]"},
		{"abbreviation", "en", "St. Petersburg|Mr Darcy", "[St Petersburg], [St. Petersburg], [Mr. Darcy]"},
		{"dots", "en", "Node.js|.NET", "[Node.js] and [.NET], node js"},
		{"quoted", "en", "rock 'n' roll|Ishmael", "[rock ’n’ roll], '[Ishmael]', “[Ishmael]”"},
		{"mixed capitals", "en", "iPhone|McCoy", "[iPhone], [IPHONE], iphone; [McCoy]"},
		{"shouted", "en", "White Whale", "THE [WHITE WHALE] and a white whale"},
		{"digits", "en", "R2|B-52", "R2D2, [R2], [B-52], [B‑52]"},
		{"plural term", "en", "harpooneers", "a [harpooneer]"},
		{"dash", "en", "sea", "the [sea]—the [sea]–[sea], seaside"},
		{"other letters", "en", "Анна", "[Анна] and [Анны]"},
		{"unknown source", "", "Ahab|Анна|고래", "[Ahab]'s, [Анну], [고래]를, don't"},
		{"French capital", "fr", "Élisabeth", "[Elisabeth], d’[Élisabeth]"},
		{"Spanish", "es", "luz|canción", "las [luces] y [canciones]"},
		{"Polish", "pl", "Piotr Nowak", "z [Piotrem Nowakiem]"},
		{"Russian adjective", "ru", "белый кит", "о [белом ките], [Белого\nкита]"},
		{"Ukrainian apostrophe", "uk", "м'ята|ята", "[м’яту]"},
		{"Turkish vowels", "tr", "ışık|iz", "[IŞIK], [İZ]"},
		{"Turkish names", "tr", "Ali", "[Ali]’nin, [Ali]'ye"},
		{"Finnish", "fi", "Helsinki", "[Helsingissä]"},
		{"Hungarian", "hu", "alma", "az [almát]"},
		{"Hebrew", "he", "ירושלים", "מ[ירושלים] ו[ירושלים]"},
		{"Hindi", "hi", "लड़का", "[लड़कों] ने"},
		{"Japanese names", "ja", "夏目漱石|ジョン・スミス", "[夏目　漱石]と[ジョン＝スミス]、[ｼﾞｮﾝ・ｽﾐｽ]"},
		{"Japanese lines", "ja", "羅生門", "広い[羅生\n門]の下"},
		{"verb in kanji", "ja", "書|門", "書く、[門]を"},
		{"hiragana", "ja", "さくら|もも", "[さくら]が、すもももももも"},
		{"Chinese dots", "zh", "伊丽莎白·班纳特", "[伊丽莎白•班纳特]、[伊丽莎白・班纳特]"},
		{"Korean spaces", "ko", "김 첨지", "[김첨지]가, [김 첨지]는"},
		{"Korean copula", "ko", "고래|나", "[고래]였다. [나]는 나이도 나라는 말도 나은 것도"},
		{"Lao and Khmer", "km", "ភ្នំពេញ", "នៅ[ភ្នំពេញ]។"},
		{"German", "de", "Haus", "[Häuser], [Hauses], Hausarzt"},
	} {
		test.want = strings.ReplaceAll(test.want, `\n`, "\n")
		text := strings.NewReplacer("[", "", "]", "").Replace(test.want)
		g := glossary.New(glossary.Pair{Source: test.language, Target: "en"}, terms(strings.Split(test.terms, "|")...))
		if got := marked(text, g.Find(text)); got != test.want {
			t.Errorf("%s: got  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestBroken(t *testing.T) {
	for _, test := range []struct {
		name, target, terms, source, translation, want string
	}{
		{"Russian", "ru", "Ishmael=Измаил", "Call me Ishmael.", "Зовите меня Измаилом.", ""},
		{"another rendering", "ru", "Ishmael=Измаил", "Call me Ishmael.", "Зовите меня Исмаилом.", "Ishmael"},
		{"Korean", "ko", "Ishmael=이스마엘", "Call me Ishmael.", "내 이름을 이스마엘이라고 해두자.", ""},
		{"kept", "ko", "GitHub=GitHub", "Push to GitHub.", "GitHub에 올린다.", ""},
		{"not kept", "ko", "GitHub=GitHub", "Push to GitHub.", "깃허브에 올린다.", "GitHub"},
		{"alternatives", "de", "whale=Wal / Walfisch", "the whale", "des Walfisches", ""},
		{"article", "de", "white whale=der weiße Wal", "the white whale", "des weißen Wals", ""},
		{"alias", "de", "Ishmael=Ismael", "Izzy went.", "Er ging.", ""},
		{"longer wins", "de", "New York=Neuyork|New York Times=NYT", "the New York Times", "die NYT", ""},
		{"around", "fr", "white whale=baleine blanche", "the white whale", "les blanches et grandes baleines", ""},
		{"remark", "ru", "Ishmael=Измаил (имя)", "Call me Ishmael.", "Зовите меня Измаилом.", ""},
		{"sentence of a homograph", "de", "Hope=Hoffnung", "Hope springs eternal.", "Es keimt.", ""},
		{"name inside a sentence", "de", "Hope=Hope", "I asked Hope.", "Ich fragte Hoffnung.", "Hope"},
		{"nothing to become", "de", "Ahab=", "Ahab came.", "Er kam.", ""},
		{"no words to become", "de", "Ahab=—", "Ahab came.", "— kam.", ""},
		{"plural, maybe a verb", "de", "mark=Zeichen", "He marks it.", "Er nimmt es.", ""},
		{"possessive", "de", "Ahab=Ahab", "Ahab’s leg", "Achabs Bein", "Ahab"},
		{"empty answer", "de", "Ahab=Ahab", "Ahab came.", "", "Ahab"},
		{"either of two entries", "ko", "bank=은행|bank=둑", "on the bank", "둑 위에서", ""},
		{"neither of two entries", "ko", "bank=은행|bank=둑", "on the bank", "강가에서", "bank"},
		{"once for several", "ko", "Ahab=에이해브", "Ahab saw Ahab and Ahab.", "에이해브는 그를 보았다.", ""},
		{"tags in the answer", "ru", "white whale=белый кит", "the <1>white</1> whale", "<1>белого</1> кита", ""},
		{"verb", "ja", "translate=翻訳する", "to translate", "翻訳して", ""},
	} {
		list := terms(strings.Split(test.terms, "|")...)
		list[0].Aliases = []string{"Izzy"}
		g := glossary.New(glossary.Pair{Source: "en", Target: test.target}, list)
		got := ""
		for _, term := range g.Broken(test.source, test.translation) {
			got += term.Term
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestIn(t *testing.T) {
	list := terms("Ahab=A", "whale=B", "Ahab=C", "Pequod=D")
	list[3].Aliases = []string{"the ship"}
	g := glossary.New(glossary.Pair{Source: "en", Target: "ko"}, list)
	got := ""
	for _, term := range g.In("The Ship sailed.", "no WHALES", "but Ahab’s") {
		got += term.Translation
	}
	if got != "ABCD" {
		t.Errorf("got %s", got)
	}
	if in := g.In("a start"); in != nil {
		t.Errorf("got %v", in)
	}
	if in := glossary.New(glossary.Pair{}, nil).In("Ahab"); in != nil {
		t.Errorf("got %v", in)
	}
}

// TestDoubtful holds which occurrences no translation is held against.
func TestDoubtful(t *testing.T) {
	for _, test := range []struct {
		language, term, text string
		doubtful             bool
	}{
		{"en", "Ahab", "Ahab came.", false},
		{"en", "Ahab", "AHAB CAME.", false},
		{"en", "Will", "Will he come?", true},
		{"en", "Will", "I saw Will.", false},
		{"en", "IT", "ASK IT NOW", true},
		{"en", "IT", "ask IT now", false},
		{"en", "sea", "the South Sea", true},
		{"en", "whale", "Whale ahoy!", false},
		{"en", "whale", "two whales", true},
		{"en", "whale", "a whale-ship", true},
		{"en", "Captain Ahab", "the captain Ahab", true},
		{"ru", "Измаил", "с Измаилом", false},
		{"ru", "кит", "с китом", true},
		{"ko", "고래", "고래에게서", false},
		{"zh", "道", "说道理", true},
	} {
		g := glossary.New(glossary.Pair{Source: test.language, Target: "de"}, terms(test.term+"=x"))
		found := g.Find(test.text)
		if len(found) == 0 && test.doubtful {
			continue
		}
		if len(found) != 1 || found[0].Doubtful != test.doubtful {
			t.Errorf("%s in %q: got %+v", test.term, test.text, found)
		}
	}
}
