package page

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verso/hooks/refusal"
)

// TestRefusalsHaveWords holds that every refusal that has a name has words in every
// language that the page speaks, but for the server's own: there they are the server's
// sentences, which say more.
func TestRefusalsHaveWords(t *testing.T) {
	files, err := filepath.Glob("../../pb_public/app/words/??.js")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d languages, %v", len(files), err)
	}
	for _, file := range files {
		tag := strings.TrimSuffix(filepath.Base(file), ".js")
		if tag == "en" {
			continue
		}
		data := filepath.ToSlash(mustAbsolute(t, file))
		read := exec.CommandContext(t.Context(), "node", "--input-type=module", "-")
		read.Stdin = strings.NewReader(`const words = (await import(` + quoted(asModule(t, data)) + `)).` + tag + `;
			console.log(JSON.stringify(Object.entries(words.errors.byCode).filter(([, said]) => said.trim()).map(([code]) => code)));`)
		out, err := read.Output()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var said []refusal.Code
		if err := json.Unmarshal(out, &said); err != nil {
			t.Fatal(err)
		}
		for _, code := range refusal.Codes() {
			if !slices.Contains(said, code) {
				t.Errorf("%s has no words for %s", tag, code)
			}
		}
		for _, code := range said {
			if !slices.Contains(refusal.Codes(), code) {
				t.Errorf("%s has words for %s, which nothing is refused with", tag, code)
			}
		}
	}
}

// asModule copies the words, and what they need to be read, to where node takes them for
// modules.
func asModule(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := os.ReadFile(filepath.Join(filepath.Dir(file), "numbers.js"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	copied := filepath.Join(dir, "words.mjs")
	alone := strings.Replace(string(text), "'./numbers.js'", "'./numbers.mjs'", 1)
	for name, content := range map[string]string{copied: alone, filepath.Join(dir, "numbers.mjs"): string(numbers)} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return "file://" + filepath.ToSlash(copied)
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text) // a string always can be
	return string(encoded)
}
