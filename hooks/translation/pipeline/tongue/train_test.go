//go:build training

package tongue

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// profileSize is how many trigrams a profile holds.
const profileSize = 600

// TestWriteProfiles writes profiles.txt anew from the texts <tag>.txt in the
// directory that TONGUE_CORPUS names. It checks nothing, and so is built only by who
// asks for it: go test -tags training -run WriteProfiles.
func TestWriteProfiles(t *testing.T) {
	corpus := os.Getenv("TONGUE_CORPUS")
	table := scripts()
	languages := make([][]string, len(table))
	files, err := filepath.Glob(filepath.Join(corpus, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := newFindings(1, len(table))
		reader := wordReader{scripts: table, yield: func(word []rune, script int) { found.add(0, word, script) }}
		reader.read(string(text))
		main, _ := found.mainScript(table)
		if found.census[main] == nil || table[main].sole != "" || main == han {
			continue
		}
		tag := strings.TrimSuffix(filepath.Base(file), ".txt")
		languages[main] = append(languages[main], tag+"\n"+profileOf(found.census[main]))
	}
	var b strings.Builder
	b.WriteString("Trigrams by language; see profile.go.\n")
	for script := range languages {
		if len(languages[script]) > 1 {
			fmt.Fprintf(&b, "\nscript %s\n%s", table[script].code, strings.Join(languages[script], ""))
		}
	}
	if err := os.WriteFile("profiles.txt", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func profileOf(c *census) string {
	var all []trigram
	for t := range c.at {
		all = append(all, t)
	}
	n := func(t trigram) int { return int(c.of[c.at[t]][0]) }
	sort.Slice(all, func(i, j int) bool {
		if n(all[i]) != n(all[j]) {
			return n(all[i]) > n(all[j])
		}
		return all[i] < all[j]
	})
	var b strings.Builder
	last := 0
	for i, t := range all {
		share := float64(n(t)) / float64(c.pieces[0])
		gain := int(math.Round(2 * math.Log(share/unknownShare)))
		if i == profileSize || n(t) < 3 || gain < 1 {
			break
		}
		if gain != last {
			if last != 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "%d ", gain)
			last = gain
		}
		b.WriteString(string([]rune{rune(t >> 42), rune(t >> 21 & (1<<21 - 1)), rune(t & (1<<21 - 1))}))
	}
	return b.String() + "\n"
}
