package verify_test

import (
	"strings"
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline/verify"
)

// example is a pair of texts and the check that must refuse it; "" for a
// translation that must pass.
type example struct {
	name, source, translation string
	check                     string
}

func try(t *testing.T, pair verify.Pair, examples []example) {
	t.Helper()
	checker := verify.New(pair)
	for _, e := range examples {
		t.Run(pair.Target+"/"+e.name, func(t *testing.T) {
			t.Parallel()
			check, detail := checker.Block(e.source, e.translation)
			if check != e.check {
				t.Errorf("%q → %q: %q (%s), want %q", e.source, e.translation, check, detail, e.check)
			}
			if (check == "") != (detail == "") {
				t.Errorf("check %q with detail %q", check, detail)
			}
		})
	}
}

func TestAnswerSortsByBlock(t *testing.T) {
	t.Parallel()
	asked := []engine.Block{
		{ID: "b1", Text: "One whale swam in the sea."}, {ID: "b2", Text: "Two whales came along."},
		{ID: "b3", Text: "Three whales followed them."}, {ID: "b4", Text: "Nobody saw the fourth one."},
	}
	good, problems := verify.Answer(verify.Pair{Source: "en", Target: "fr"}, asked, []engine.Block{
		{ID: "b4", Text: "Personne ne vit la quatrième."},
		{ID: "b2", Text: "Deux baleines vinrent."}, {ID: "b2", Text: "Deux baleines vinrent."},
		{ID: "b9", Text: "Neuf baleines."},
		{ID: "b1", Text: "Une baleine nageait dans la mer."},
	})
	if len(good) != 2 || good["b1"] == "" || good["b4"] == "" {
		t.Errorf("good: %v", good)
	}
	want := []verify.Problem{
		{Block: "b2", Check: "once", Detail: "it stood in the answer more than once"},
		{Block: "b3", Check: "missing", Detail: "it was missing from the answer"},
	}
	if len(problems) != 2 || problems[0] != want[0] || problems[1] != want[1] {
		t.Errorf("problems: %v, want %v", problems, want)
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"something", "One.", "Un.", ""},
		{"nothing", "One.", "", "empty"},
		{"white space", "One.", " \n\u00a0", "empty"},
		{"nothing for nothing", " ", "", ""},
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source, translation string
		refused                   bool
	}{
		{"none", "One", "Un", false},
		{"kept", "A <1>big</1> one<2/>", "Un <1>grand</1><2/>", false},
		{"reordered", "<1>a</1> <2>b</2>", "<2>b</2> <1>a</1>", false},
		{"nested", "<1>a <2>b</2></1>", "<1><2>b</2> a</1>", false},
		{"lost", "A <1>big</1> one", "Un grand", true},
		{"half lost", "A <1>big</1> one", "Un <1>grand", true},
		{"doubled", "<1>a</1>", "<1>a</1><1>b</1>", true},
		{"crossed", "<1>a</1> <2>b</2>", "<1>a <2>b</1></2>", true},
		{"invented", "One", "<1>Un</1>", true},
		{"another number", "<1>a</1>", "<2>a</2>", true},
		{"another kind", "a<1/>", "a<1></1>", true},
		{"closed before opened", "<1>a</1>", "</1>a<1>", true},
		{"spaces inside", "<1>a</1>", "< 1 >a</ 1>", true},
		{"escaped", "<1>a</1>", "&lt;1&gt;a&lt;/1&gt;", true},
		{"full-width", "<1>a</1>", "＜1＞a＜/1＞", true},
		{"an attribute", "<1>a</1>", `<1 class="x">a</1>`, true},
		{"escaped out of nothing", "a", "&lt;1&gt;a&lt;/1&gt;", true},
		{"no tags", "a < b and b > c", "a < b et b > c", false},
		{"comparison with numbers", "x < 1 and 2 > y", "x < 1 et 2 > y", false},
		{"literal text like a tag", "std::array<1> of x", "std::array<1> de x", false},
		{"literal text like a tag, lost", "std::array<1> of x", "std::array de x", true},
		{"full-width source", "＜1＞", "＜1＞", false},
		{"digits without end", "a", "<" + strings.Repeat("1", 1000) + ">", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if detail := verify.Tags(c.source, c.translation); (detail != "") != c.refused {
				t.Errorf("%q → %q: %q", c.source, c.translation, detail)
			}
		})
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	source := "The sailor took the knife and went below without a word."
	var examples []example
	for _, refusal := range []string{
		"I'm sorry, but I can't translate this text.",
		"I’m unable to assist with this request.",
		"As an AI language model, I do not take part in violence.",
		"Es tut mir leid, aber ich kann diesen Text nicht übersetzen.",
		"Je suis désolé, mais je ne peux pas traduire ce texte.",
		"Lo siento, pero no puedo traducir este texto.",
		"Desculpe, mas não posso traduzir este texto.",
		"Mi dispiace, ma non posso tradurre questo testo.",
		"Извините, но я не могу перевести этот текст.",
		"Przepraszam, ale nie mogę przetłumaczyć tego tekstu.",
		"죄송합니다. 이 내용은 번역할 수 없습니다.",
		"申し訳ありませんが、この文章を翻訳することはできません。",
		"抱歉，我无法翻译这段文字。",
		"Üzgünüm, bu metni çeviremem, çeviri yapamam.",
		"Maaf, saya tidak dapat menerjemahkan teks ini.",
		"عذرا، لا أستطيع ترجمة هذا النص.",
	} {
		examples = append(examples, example{refusal, source, refusal, "refusal"})
	}
	examples = append(examples,
		example{"a person who cannot help", "„Es tut mir leid, aber ich kann Ihnen nicht helfen“, sagte sie.", "“I'm sorry, but I can't help you,” she said.", ""},
		example{"a translator who cannot translate", "„Ich kann das nicht übersetzen“, sagte der Dolmetscher.", "“I can't translate that,” said the interpreter.", ""},
	)
	try(t, verify.Pair{Target: "en"}, examples)
}

func TestRemark(t *testing.T) {
	t.Parallel()
	source := "The sea was calm that night."
	french := "La mer était calme cette nuit-là."
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"announced", source, "Here is the translation: " + french, "remark"},
		{"announced in French", source, "Voici la traduction : " + french, "remark"},
		{"labelled", source, "Traduction : " + french, "remark"},
		{"labelled in bold", source, "**Translation:** " + french, "remark"},
		{"thinking", source, "<think>calm, sea</think>" + french, "remark"},
		{"fenced", source, "```json\n" + french, "remark"},
		{"wrapped", source, `{"id":"b1","text":"` + french + `"}`, "remark"},
		{"a note", source, french + " (Translator's note: literally.)", "remark"},
		{"a note below", source, french + "\n\nNote: I kept the tense.", "remark"},
		{"a note that is in the source", "It was calm.\nNote: at night.", "C’était calme.\nNote : la nuit.", ""},
		{"a label that is in the source", "Translation: a new beginning for the town", "Traduction : un nouveau départ pour la ville", ""},
		{"here is", "Here is the news of the day.", "Voici les nouvelles du jour : rien.", ""},
		{"a brace in the source", `{"id": 5} is an object`, `{"id": 5} est un objet`, ""},
	})
}

func TestCharacters(t *testing.T) {
	t.Parallel()
	source := "The old bridge over the river is closed."
	french := "Le vieux pont sur la rivière est fermé"
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"control", source, french + "\x07.", "characters"},
		{"replacement", source, "Le vieux pont sur la rivi\ufffdre est fermé.", "characters"},
		{"invalid UTF-8", source, french + "\xff.", "characters"},
		{"override", source, "\u202e" + french, "characters"},
		{"embedding", source, "\u202a" + french + "\u202c", "characters"},
		{"tag characters", source, french + "\U000e0041\U000e0042.", "characters"},
		{"a flag", source, french + " 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f.", ""},
		{"private use", source, french + "\ue000.", "characters"},
		{"mojibake", source, "Le vieux pont sur la riviÃ¨re est fermÃ©.", "characters"},
		{"escapes", source, `Le vieux pont sur la rivi\u00e8re est ferm\u00e9.`, "characters"},
		{"entities", source, "Le vieux pont de l&#39;autre rive est fermé.", "characters"},
		{"entities of the source", "a &amp; b are closed", "a &amp; b sont fermés", ""},
		{"soft hyphen and narrow space", source, french + "\u00ad\u202f!", ""},
		{"the source's own", "A bell\x07 rings.", "Une cloche\x07 sonne.", ""},
		{"emoji", source, french + " 👩‍👩‍👧 ✌️.", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "ar"}, []example{
		{"embedding", source, "الجسر القديم فوق \u202aRhein\u202c مغلق.", ""},
		{"mark", source, "الجسر القديم فوق النهر مغلق\u200f.", ""},
		{"override", source, "\u202eالجسر القديم فوق النهر مغلق.", "characters"},
	})
}

func TestLines(t *testing.T) {
	t.Parallel()
	list := "- the first thing\n- the second thing\n- the third thing\n- the fourth thing"
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"kept", list, "- la première chose\n- la deuxième chose\n- la troisième chose\n- la quatrième chose", ""},
		{"run together", list, "- la première chose - la deuxième chose - la troisième chose - la quatrième chose", "lines"},
		{"wrapped prose", "The sea was\ncalm that\nnight and\nall slept.", "La mer était calme cette nuit-là et tous dormaient.", ""},
	})
}

func TestMerged(t *testing.T) {
	t.Parallel()
	asked := []engine.Block{
		{ID: "b1", Text: "The old sailor sat down on the quay and looked at the grey sea for a long time."},
		{ID: "b2", Text: "Nobody had told him that the ship would not come back before the winter."},
		{ID: "b3", Text: "In the evening the women lit the lamps and called the children into the houses."},
		{ID: "b4", Text: "Good night."},
	}
	first := "Le vieux marin s'assit sur le quai et regarda longtemps la mer grise."
	second := "Personne ne lui avait dit que le navire ne reviendrait pas avant l'hiver."
	third := "Le soir, les femmes allumèrent les lampes et appelèrent les enfants à la maison."
	for _, c := range []struct {
		name     string
		answered []engine.Block
		refused  string // the blocks that the check refuses
	}{
		{"nothing", []engine.Block{{ID: "b1", Text: first}, {ID: "b2", Text: second}, {ID: "b3", Text: third}, {ID: "b4", Text: "Bonne nuit."}}, ""},
		{"the next left out", []engine.Block{{ID: "b1", Text: first + " " + second}, {ID: "b3", Text: third}, {ID: "b4", Text: "Bonne nuit."}}, "b1"},
		{"the next empty", []engine.Block{{ID: "b1", Text: first + " " + second}, {ID: "b2"}, {ID: "b3", Text: third}, {ID: "b4", Text: "Bonne nuit."}}, "b1"},
		{"the next a dash", []engine.Block{{ID: "b1", Text: first + " " + second}, {ID: "b2", Text: "–"}, {ID: "b3", Text: third}, {ID: "b4", Text: "Bonne nuit."}}, "b1"},
		{"the one before left out", []engine.Block{{ID: "b1", Text: first}, {ID: "b3", Text: second + " " + third}, {ID: "b4", Text: "Bonne nuit."}}, "b3"},
		{"only left out", []engine.Block{{ID: "b1", Text: first}, {ID: "b3", Text: third}, {ID: "b4", Text: "Bonne nuit."}}, ""},
		{"a short one left out", []engine.Block{{ID: "b1", Text: first}, {ID: "b2", Text: second}, {ID: "b3", Text: third}}, "b3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, problems := verify.Answer(verify.Pair{Source: "en", Target: "fr"}, asked, c.answered)
			refused := ""
			for _, problem := range problems {
				if problem.Check == "merged" {
					refused += problem.Block
				}
			}
			if refused != c.refused {
				t.Errorf("refused %q as merged, want %q: %v", refused, c.refused, problems)
			}
		})
	}
}
