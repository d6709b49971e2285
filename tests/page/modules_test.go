package page

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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
