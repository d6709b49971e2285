package page

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const app = "../../pb_public/app"

// modules returns the text of the page's modules by their paths below app.
func modules(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(app, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".js" {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(app, path) // of what is walked it always can be told
		texts[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil || len(texts) == 0 {
		t.Fatalf("%d modules: %v", len(texts), err)
	}
	return texts
}

// TestHandlersAreHeard holds that no module listens the way for which Preact makes
// up an event that no browser sends: elements have no property for these, so their
// names are taken as they are written.
func TestHandlersAreHeard(t *testing.T) {
	dead := regexp.MustCompile(`\bonFocus(?:In|Out)=`)
	for name, text := range modules(t) {
		if found := dead.FindString(text); found != "" {
			t.Errorf("%s has %s, which nothing calls; write it in lower case", name, strings.TrimSuffix(found, "="))
		}
	}
}

// imported finds what a module imports, now or later; what comments import is types.
var imported = regexp.MustCompile(`(?m)^(?:import|export)\b[^'"]*['"](\.[^'"]+)['"]|(?:=>|await) import\('(\.[^']+)'\)`)

// TestNoImportCycles holds that no module of the page needs, by whatever way, itself:
// each can be read, and begun with, after what it stands on.
func TestNoImportCycles(t *testing.T) {
	needs := map[string][]string{}
	for name, text := range modules(t) {
		for _, found := range imported.FindAllStringSubmatch(text, -1) {
			needs[name] = append(needs[name], path.Join(path.Dir(name), found[1]+found[2]))
		}
	}
	if !slices.Contains(needs["reader/reader.js"], "reader/open-book.js") || !slices.Contains(needs["app.js"], "auth/clerk.js") {
		t.Fatalf("imports are not found: %q", needs["reader/reader.js"])
	}
	done := map[string]bool{}
	var follow func(way []string)
	follow = func(way []string) {
		name := way[len(way)-1]
		if from := slices.Index(way, name); from < len(way)-1 {
			t.Errorf("these need one another: %s", strings.Join(way[from:], " needs "))
			return
		}
		if done[name] {
			return
		}
		for _, needed := range needs[name] {
			follow(append(slices.Clone(way), needed))
		}
		done[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		follow([]string{name})
	}
}

// TestExportsAreUsed holds that what a module hands out, another one takes.
func TestExportsAreUsed(t *testing.T) {
	texts := modules(t)
	exported := regexp.MustCompile(`(?m)^export (?:async )?(?:const|let|function|class) (\w+)`)
	for name, text := range texts {
		for _, found := range exported.FindAllStringSubmatch(text, -1) {
			word := regexp.MustCompile(`\b` + found[1] + `\b`)
			used := false
			for other, its := range texts {
				used = used || other != name && word.MatchString(its)
			}
			if !used {
				t.Errorf("nobody takes %s of %s", found[1], name)
			}
		}
	}
}
