package page

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const vendor = "../../pb_public/vendor"

// TestVendored holds the page's libraries against the digests that were noted
// when they were taken in, so that nobody changes them in passing.
func TestVendored(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(vendor, "versions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var noted []struct{ File, Version, SHA256 string }
	if err := json.Unmarshal(raw, &noted); err != nil {
		t.Fatal(err)
	}
	digests := map[string]string{}
	for _, library := range noted {
		if !strings.Contains(library.File, library.Version) {
			t.Errorf("%s does not say its version, %s", library.File, library.Version)
		}
		digests[library.File] = library.SHA256
	}
	files, err := filepath.Glob(filepath.Join(vendor, "*.js"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no libraries: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(data)
		if name := filepath.Base(file); digests[name] != hex.EncodeToString(digest[:]) {
			t.Errorf("%s is not what was noted: %x", name, digest)
		}
	}
}
