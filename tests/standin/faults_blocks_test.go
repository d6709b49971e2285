package standin_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"verso/tests/standin"
)

// TestBlockFaults compares each spoiled answer with the good one: what is
// wrong is wrong, and the rest is as it should be.
func TestBlockFaults(t *testing.T) {
	list := blocks("One.", "In <1>1851</1> the <2>ship</2> left the harbour of a town.", "Three ships.")
	good := good(list)
	// changed wants the middle block, the longest, to hold something else.
	changed := func(t *testing.T, got []standin.Block, wrong func(string) bool) {
		t.Helper()
		if len(got) != 3 || got[0] != good[0] || got[2] != good[2] || got[1].ID != "b2" {
			t.Fatalf("other blocks changed: %v", got)
		}
		if got[1] == good[1] || !wrong(got[1].Text) {
			t.Errorf("answered %q", got[1].Text)
		}
	}
	exactly := func(t *testing.T, got, want []standin.Block) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("got %v\nwant %v", got, want)
		}
	}
	text := func(id, text string) standin.Block { return standin.Block{ID: id, Text: text} }
	tests := map[standin.Fault]func(*testing.T, []standin.Block){
		standin.Missing: func(t *testing.T, got []standin.Block) { exactly(t, got, []standin.Block{good[0], good[2]}) },
		standin.Doubled: func(t *testing.T, got []standin.Block) { exactly(t, got, append(slices.Clone(good), good[1])) },
		standin.UnknownID: func(t *testing.T, got []standin.Block) {
			exactly(t, got, []standin.Block{good[0], text("block-b2", good[1].Text), good[2]})
		},
		standin.Swapped: func(t *testing.T, got []standin.Block) {
			exactly(t, got, []standin.Block{good[0], text("b2", good[2].Text), text("b3", good[1].Text)})
		},
		standin.Merged: func(t *testing.T, got []standin.Block) {
			exactly(t, got, []standin.Block{good[0], text("b2", good[1].Text+" "+good[2].Text)})
		},
		standin.MergedEmpty: func(t *testing.T, got []standin.Block) {
			exactly(t, got, []standin.Block{good[0], text("b2", good[1].Text+" "+good[2].Text), text("b3", "")})
		},
		standin.CrossedTags: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool {
				return strings.Index(s, "</2>") < strings.Index(s, "<2>") && strings.Index(s, "<1>") < strings.Index(s, "</2>")
			})
		},
		standin.DroppedTags: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool { return !strings.Contains(s, "<") && strings.Contains(s, "1851") })
		},
		standin.Echo: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool { return s == list[1].Text })
		},
		standin.WrongLanguage: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool {
				tags := strings.Contains(s, "<1>") && strings.Contains(s, "</2>") && strings.Contains(s, "1851")
				return tags && strings.Contains(s, "Fenster") && !hangul(s)
			})
		},
		standin.EmptyText: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool { return s == "" })
		},
		standin.Refusal: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool { return !strings.Contains(s, "1851") && strings.HasSuffix(s, ".") })
		},
		standin.ReasoningInside: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool { return strings.HasSuffix(s, good[1].Text) })
		},
		standin.Runaway: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool { return len(s) > 20*len(good[1].Text) && strings.HasPrefix(s, good[1].Text) })
		},
		standin.LostNumbers: func(t *testing.T, got []standin.Block) {
			changed(t, got, func(s string) bool { return !strings.Contains(s, "1851") && strings.Contains(s, "<1></1>") })
		},
	}
	for fault, check := range tests {
		t.Run(string(fault), func(t *testing.T) {
			server, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: fault}}})
			check(t, client.answer(list))
			if noted := server.Requests()[0].Fault; noted != fault {
				t.Errorf("the journal says %q", noted)
			}
		})
	}
}

// hangul reports whether a text holds Korean.
func hangul(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
}

func TestFaultOfTheNamedBlock(t *testing.T) {
	_, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.EmptyText, Holding: "poison"}}})
	list := blocks("A little poison.", "Nothing of the kind, and longer.")
	if got := client.answer(list); got[0].Text != "" || got[1] != good(list)[1] {
		t.Errorf("got %v", got)
	}
	if got := client.answer(list[1:]); got[0] != good(list)[1] {
		t.Errorf("struck without the word: %v", got)
	}
}

func TestFaultOfAllBlocks(t *testing.T) {
	_, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Echo, All: true}}})
	list := blocks("One.", "1851.", "Three.")
	if got := client.answer(list); !slices.Equal(got, list) {
		t.Errorf("got %v", got)
	}
}

// TestImpossibleFault has a fault that cannot happen not counted as struck.
func TestImpossibleFault(t *testing.T) {
	for _, fault := range []standin.Fault{standin.DroppedTags, standin.CrossedTags, standin.LostNumbers, standin.Swapped, standin.Merged, standin.IgnoredTerms} {
		server, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: fault}}})
		list := blocks("One.")
		if got := client.answer(list); !slices.Equal(got, good(list)) {
			t.Errorf("%s: got %v", fault, got)
		}
		if noted := server.Requests()[0].Fault; noted != "" {
			t.Errorf("noted %q", noted)
		}
	}
}

func TestIgnoredTerms(t *testing.T) {
	_, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.IgnoredTerms}}})
	config := settings("Translate.\n- \"whale\" → \"고래\"")
	response, err := client.Models.GenerateContent(t.Context(), model, payload(t, translation("ko", blocks("The whale."))), config)
	if err != nil {
		t.Fatal(err)
	}
	if got := client.read(response)[0].Text; got != standin.Translate("ko", "The whale.") {
		t.Errorf("got %q", got)
	}
}

// TestWrongLanguageIsWrong has the answer in none of the languages asked for.
func TestWrongLanguageIsWrong(t *testing.T) {
	tests := []struct {
		target string
		script *unicode.RangeTable
	}{{"ko", unicode.Latin}, {"ru", unicode.Latin}, {"fr", unicode.Cyrillic}, {"de", unicode.Cyrillic}, {"ja", unicode.Latin}}
	_, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: standin.WrongLanguage}}})
	for _, test := range tests {
		response, err := client.Models.GenerateContent(t.Context(), model,
			payload(t, translation(test.target, blocks("The ship left."))), settings("Translate."))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range client.read(response)[0].Text {
			if unicode.IsLetter(r) && !unicode.Is(test.script, r) {
				t.Errorf("%s: %q is of another script", test.target, r)
				break
			}
		}
	}
}
