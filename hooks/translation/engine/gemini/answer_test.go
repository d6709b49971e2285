package gemini_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
)

// answered asks an engine whose server answers with a body.
func answered(t testing.TB, body string) (engine.Response, error) {
	t.Helper()
	e, err := gemini.New(gemini.Config{Transport: canned(200, body)})
	if err != nil {
		t.Fatal(err)
	}
	return e.Translate(t.Context(), request())
}

func TestBlocksAreReturnedAsTheyAre(t *testing.T) {
	tests := []struct {
		name, document string
		want           []engine.Block
	}{
		{"as asked", goodDocument, []engine.Block{{ID: "b1", Text: "<1>이슈마엘</1>이라 불러라."}, {ID: "b2", Text: "몇 해 전"}}},
		{"white space around", " \n{ \"blocks\" : [ { \"text\" : \"a\" , \"id\" : \"b1\" } ] }\n", []engine.Block{{ID: "b1", Text: "a"}}},
		{"escapes", `{"blocks":[{"id":"b1","text":"\u003c1\u003e\ud83d\ude00\n"}]}`, []engine.Block{{ID: "b1", Text: "<1>😀\n"}}},
		{"wrong ids are the pipeline's to find", `{"blocks":[{"id":"x","text":""},{"id":"x","text":""}]}`, []engine.Block{{ID: "x"}, {ID: "x"}}},
		{"none at all too", `{"blocks":[]}`, []engine.Block{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := answered(t, response(test.document, "STOP"))
			if err != nil || !reflect.DeepEqual(got.Blocks, test.want) || got.Usage != billed() {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestOnlyTheDocumentIsAnAnswer(t *testing.T) {
	tests := map[string]string{
		"nothing":              "",
		"white space":          "  \n",
		"prose":                "I cannot translate this.",
		"prose before":         "Here it is: " + goodDocument,
		"prose behind":         goodDocument + " I hope this helps.",
		"a fence":              "```json\n" + goodDocument + "\n```",
		"two documents":        goodDocument + goodDocument,
		"cut off":              goodDocument[:len(goodDocument)-2],
		"a byte order mark":    "\ufeff" + goodDocument,
		"a comma too many":     `{"blocks":[{"id":"b1","text":"a"},]}`,
		"a list":               `[{"id":"b1","text":"a"}]`,
		"a string":             `"blocks"`,
		"null":                 `null`,
		"an empty object":      `{}`,
		"blocks null":          `{"blocks":null}`,
		"blocks an object":     `{"blocks":{"id":"b1","text":"a"}}`,
		"blocks twice":         `{"blocks":[],"blocks":[]}`,
		"another field before": `{"note":"x","blocks":[]}`,
		"another field behind": `{"blocks":[],"note":"x"}`,
		"other capitals":       `{"Blocks":[]}`,
		"a block null":         `{"blocks":[null]}`,
		"a block a string":     `{"blocks":["a"]}`,
		"a block a list":       `{"blocks":[["b1","a"]]}`,
		"a number as id":       `{"blocks":[{"id":1,"text":"a"}]}`,
		"text null":            `{"blocks":[{"id":"b1","text":null}]}`,
		"text a list":          `{"blocks":[{"id":"b1","text":["a"]}]}`,
		"text an object":       `{"blocks":[{"id":"b1","text":{"id":"a"}}]}`,
		"no text":              `{"blocks":[{"id":"b1"}]}`,
		"no id":                `{"blocks":[{"text":"a"}]}`,
		"an empty block":       `{"blocks":[{}]}`,
		"text twice":           `{"blocks":[{"id":"b1","text":"a","text":"b"}]}`,
		"a block's other":      `{"blocks":[{"id":"b1","text":"a","note":"b"}]}`,
		"a block's capitals":   `{"blocks":[{"id":"b1","Text":"a"}]}`,
		"half a pair":          `{"blocks":[{"id":"b1","text":"\ud83d"}]}`,
		"deep nesting":         strings.Repeat(`{"blocks":[`, 20_000),
	}
	for name, document := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := answered(t, response(document, "STOP"))
			if failed := failureOf(t, err); failed.Kind != engine.Malformed {
				t.Errorf("kind %v", failed.Kind)
			}
			if got.Blocks != nil || got.Usage != billed() {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestBytesThatAreNoText puts them where two decoders would hide them.
func TestBytesThatAreNoText(t *testing.T) {
	for name, broken := range map[string]string{
		"no UTF-8": "\xff\xfe", "half a pair": `\ud83d`, "half a pair, twice escaped": `\\ud83d`,
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.Replace(response(goodDocument, "STOP"), "이슈마엘", broken, 1)
			_, err := answered(t, body)
			if failed := failureOf(t, err); failed.Kind != engine.Malformed {
				t.Errorf("kind %v", failed.Kind)
			}
		})
	}
	t.Run("as in the question", func(t *testing.T) {
		question := request()
		question.Payload.Blocks[0].Text = "a\ufffdb"
		e := newEngine(t, gemini.Config{Transport: canned(200, response(`{"blocks":[{"id":"b1","text":"c`+"\ufffd"+`"}]}`, "STOP"))})
		if _, err := e.Translate(within(t), question); err != nil {
			t.Error(err)
		}
	})
}

func TestFinishReasons(t *testing.T) {
	tests := []struct {
		reason string
		kind   engine.ErrorKind
		detail string // a part of it; "" for none
	}{
		{"STOP", 0, ""},
		{"MAX_TOKENS", engine.CutOff, ""},
		{"SAFETY", engine.Blocked, "safety filter"},
		{"RECITATION", engine.Blocked, "published text"},
		{"PROHIBITED_CONTENT", engine.Blocked, "forbid"},
		{"BLOCKLIST", engine.Blocked, "forbidden terms"},
		{"SPII", engine.Blocked, "personal data"},
		{"LANGUAGE", engine.Blocked, "languages"},
		{"IMAGE_SAFETY", engine.Blocked, "pictures"},
		{"IMAGE_PROHIBITED_CONTENT", engine.Blocked, "pictures"},
		{"IMAGE_RECITATION", engine.Blocked, "pictures"},
		{"OTHER", engine.Malformed, "without saying why"},
		{"IMAGE_OTHER", engine.Malformed, ""},
		{"NO_IMAGE", engine.Malformed, ""},
		{"MALFORMED_FUNCTION_CALL", engine.Malformed, ""},
		{"UNEXPECTED_TOOL_CALL", engine.Malformed, ""},
		{"TOO_MANY_TOOL_CALLS", engine.Malformed, ""},
		{"CONTINUATION", engine.Malformed, ""},
		{"FINISH_REASON_UNSPECIFIED", engine.Malformed, ""},
		{"NEXT_YEARS_REASON", engine.Malformed, ""},
		{"stop", engine.Malformed, ""},
		{"", engine.Malformed, ""},
	}
	for _, test := range tests {
		t.Run(test.reason, func(t *testing.T) {
			// The document is whole, so that only the reason can be what is wrong.
			got, err := answered(t, response(goodDocument, test.reason))
			if got.Usage != billed() {
				t.Errorf("usage %+v", got.Usage)
			}
			if test.kind == 0 {
				if err != nil || len(got.Blocks) != 2 {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			failed := failureOf(t, err)
			if failed.Kind != test.kind || !strings.Contains(failed.Detail, test.detail) || (test.detail == "") != (failed.Detail == "") {
				t.Errorf("kind %v, detail %q", failed.Kind, failed.Detail)
			}
			if got.Blocks != nil {
				t.Error("blocks were accepted")
			}
		})
	}
	t.Run("left out", func(t *testing.T) {
		_, err := answered(t, strings.Replace(response(goodDocument, "STOP"), `"finishReason":"STOP",`, "", 1))
		if failed := failureOf(t, err); failed.Kind != engine.Malformed {
			t.Errorf("kind %v", failed.Kind)
		}
	})
}

func TestShapesOfAnswers(t *testing.T) {
	document, _ := json.Marshal(goodDocument)
	half, _ := json.Marshal(goodDocument[:20])
	rest, _ := json.Marshal(goodDocument[20:])
	candidate := func(parts string) string {
		return `{"candidates":[{"content":{"parts":[` + parts + `]},"finishReason":"STOP"}],"usageMetadata":` + usageJSON + `}`
	}
	blocked := func(reason string) string {
		return `{"promptFeedback":{"blockReason":"` + reason + `"},"usageMetadata":` + usageJSON + `}`
	}
	tests := []struct {
		name, body string
		kind       engine.ErrorKind
		detail     string
	}{
		{"thoughts before", candidate(`{"text":"Let me think","thought":true},{"text":` + string(document) + `}`), 0, ""},
		{"a signature behind", candidate(`{"text":` + string(document) + `},{"text":"","thoughtSignature":"c2ln"}`), 0, ""},
		{"in two parts", candidate(`{"text":` + string(half) + `},{"text":` + string(rest) + `}`), 0, ""},
		{"thoughts alone", candidate(`{"text":` + string(document) + `,"thought":true}`), engine.Malformed, ""},
		{"a function call", candidate(`{"text":` + string(document) + `},{"functionCall":{"name":"f"}}`), engine.Malformed, ""},
		{"no parts", candidate(``), engine.Malformed, ""},
		{"no content", `{"candidates":[{"finishReason":"STOP"}],"usageMetadata":` + usageJSON + `}`, engine.Malformed, ""},
		{"no candidates", `{"candidates":[],"usageMetadata":` + usageJSON + `}`, engine.Malformed, ""},
		{"two candidates", `{"candidates":[{"content":{"parts":[{"text":` + string(document) + `}]},"finishReason":"STOP"},{"finishReason":"STOP"}],"usageMetadata":` + usageJSON + `}`, engine.Malformed, ""},
		{"blocked for safety", blocked("SAFETY"), engine.Blocked, "safety filter"},
		{"blocked content", blocked("PROHIBITED_CONTENT"), engine.Blocked, "forbid"},
		{"blocked words", blocked("BLOCKLIST"), engine.Blocked, "forbidden terms"},
		{"blocked as a trick", blocked("JAILBREAK"), engine.Blocked, "trick"},
		{"blocked pictures", blocked("IMAGE_SAFETY"), engine.Blocked, "filter"},
		{"blocked for another reason", blocked("OTHER"), engine.Blocked, "without saying why"},
		{"blocked for a new reason", blocked("Call me Ishmael"), engine.Blocked, "without saying why"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := answered(t, test.body)
			if got.Usage != billed() {
				t.Errorf("usage %+v", got.Usage)
			}
			if test.kind == 0 {
				if err != nil || len(got.Blocks) != 2 {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			if failed := failureOf(t, err); failed.Kind != test.kind || !strings.Contains(failed.Detail, test.detail) || (test.detail == "") != (failed.Detail == "") {
				t.Errorf("kind %v, detail %q", failed.Kind, failed.Detail)
			}
		})
	}
}

// TestNotTheAPIsJSON lists bodies that come with 200 and are nobody's answer,
// among them some on which the SDK panics.
func TestNotTheAPIsJSON(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "a page": "<html>Sign in to the hotel's network, Ishmael</html>", "null": "null", "a list": "[]",
		"a string": `"Ishmael"`, "half": response(goodDocument, "STOP")[:60],
		"candidates a string": `{"candidates":"Ishmael"}`, "a candidate null": `{"candidates":[null]}`,
		"content a string": `{"candidates":[{"content":"Ishmael"}]}`, "parts an object": `{"candidates":[{"content":{"parts":{"text":"Ishmael"}}}]}`,
		"text a number": `{"candidates":[{"content":{"parts":[{"text":1}]}}]}`, "usage a list": `{"usageMetadata":["Ishmael"]}`,
		"usage beyond all": `{"usageMetadata":{"promptTokenCount":99999999999}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := answered(t, body)
			if failed := failureOf(t, err); failed.Kind != engine.ServerFailed {
				t.Errorf("kind %v: %v", failed.Kind, err)
			}
		})
	}
}
