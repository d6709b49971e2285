package page

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"verso/hooks/web/openapi"
)

// apiTypes are the types of the routes, for TypeScript programs that use them.
const apiTypes = "../../docs/verso-api.d.ts"

// TestAPITypes holds the types that are handed out to what is made of the
// description of the routes now. VERSO_WRITE_TYPES=1 writes them.
func TestAPITypes(t *testing.T) {
	generator := filepath.Join(mustHaveChecks(t), "openapi-typescript", "bin", "cli.js")
	document, err := openapi.Document()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	described, made := filepath.Join(dir, "openapi.json"), filepath.Join(dir, "verso-api.d.ts")
	if err := os.WriteFile(described, document, 0o600); err != nil {
		t.Fatal(err)
	}
	generate := exec.CommandContext(t.Context(), "node", generator, described, "--output", made,
		"--root-types", "--root-types-no-schema-prefix")
	if out, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("VERSO_WRITE_TYPES") == "1" {
		if err := os.WriteFile(apiTypes, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(apiTypes)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/verso-api.d.ts is not what is made of the description; write it with VERSO_WRITE_TYPES=1 go test -run TestAPITypes ./tests/page/")
	}
}
