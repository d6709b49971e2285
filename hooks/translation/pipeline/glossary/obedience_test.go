package glossary_test

import (
	"path/filepath"
	"strings"
	"testing"

	"verso/hooks/translation/pipeline/glossary"
)

// TestBrokenAccuracy holds Broken to translations into twelve languages, of
// which half obey and half do not. False alarms cost money and leave text
// untranslated: there must be none.
func TestBrokenAccuracy(t *testing.T) {
	for _, target := range strings.Fields("ko ja zh ru tr de fr es pl fi ar hi") {
		t.Run(target, func(t *testing.T) {
			alarms, missed, obeyed, broken := 0, 0, 0, 0
			for _, line := range lines(t, filepath.Join("testdata", "broken", target+".txt")) {
				field := strings.Split(line, "\t")
				if len(field) != 4 {
					t.Fatalf("not four fields: %q", line)
				}
				g := glossary.New(glossary.Pair{Source: "en", Target: target}, terms(strings.Split(field[2], "|")...))
				var names []string
				for _, term := range g.Broken(field[0], field[1]) {
					names = append(names, term.Term)
				}
				got := strings.Join(names, "|")
				if len(g.Broken(field[0], "…")) == 0 {
					t.Errorf("demands nothing: %q", line)
				}
				want := strings.TrimPrefix(field[3], "-")
				if want == "" {
					obeyed++
				} else {
					broken++
				}
				switch {
				case got == want:
				case want == "" || got != "" && want != got:
					alarms++
					t.Errorf("false alarm: %q for %q", got, line)
				default:
					missed++
					t.Logf("missed: %s", line)
				}
			}
			t.Logf("%s: %d obeyed, %d false alarms; %d broken, %d missed", target, obeyed, alarms, broken, missed)
			if obeyed < 10 || broken < 10 {
				t.Error("too few pairs")
			}
			if missed > 0 {
				t.Errorf("missed %d of %d", missed, broken)
			}
		})
	}
}
