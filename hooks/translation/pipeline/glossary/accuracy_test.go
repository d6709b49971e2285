package glossary_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verso/hooks/translation/pipeline/glossary"
)

// score counts what was found of what there is.
type score struct{ found, right, all int }

func (s *score) precision() float64 { return float64(s.right) / float64(max(1, s.found)) }
func (s *score) recall() float64    { return float64(s.right) / float64(max(1, s.all)) }

// lines returns the lines of a file of test data without comments.
func lines(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "#") {
			kept = append(kept, line)
		}
	}
	return kept
}

// unmarked returns a line without its double brackets, and what they held.
func unmarked(line string) (string, map[[2]int]bool) {
	var b strings.Builder
	marks := make(map[[2]int]bool)
	for {
		before, rest, ok := strings.Cut(line, "[[")
		b.WriteString(before)
		if !ok {
			return b.String(), marks
		}
		inside, after, _ := strings.Cut(rest, "]]")
		marks[[2]int{b.Len(), b.Len() + len(inside)}] = true
		b.WriteString(inside)
		line = after
	}
}

// TestFindAccuracy holds Find to real text in six languages, in which people
// marked what terms stand. The thresholds are what was reached.
func TestFindAccuracy(t *testing.T) {
	for _, test := range []struct {
		language          string
		precision, recall float64
	}{
		{"en", 0.99, 0.99}, {"ko", 0.97, 0.97}, {"ja", 0.99, 0.97},
		{"zh", 0.99, 0.98}, {"ru", 0.99, 0.99}, {"tr", 0.99, 0.99},
	} {
		t.Run(test.language, func(t *testing.T) {
			all := lines(t, filepath.Join("testdata", "find", test.language+".txt"))
			list := terms(strings.Split(strings.TrimPrefix(all[0], "@ "), "|")...)
			g := glossary.New(glossary.Pair{Source: test.language, Target: "de"}, list)
			var s score
			for _, line := range all[1:] {
				text, marks := unmarked(line)
				found := g.Find(text)
				right := 0
				for _, o := range found {
					if marks[[2]int{o.Start, o.End}] {
						right++
					}
				}
				s.found, s.right, s.all = s.found+len(found), s.right+right, s.all+len(marks)
				if right != len(marks) || right != len(found) {
					t.Logf("got  %s\nwant %s", marked(text, found), line)
				}
			}
			t.Logf("%s: %d sentences, %d marked, precision %.3f, recall %.3f", test.language, len(all)-1, s.all, s.precision(), s.recall())
			if s.precision() < test.precision || s.recall() < test.recall {
				t.Errorf("want precision %.2f and recall %.2f", test.precision, test.recall)
			}
		})
	}
}
