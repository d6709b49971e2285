package bench

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

// BenchmarkBackup makes a backup of 200 MB of documents while small ones are uploaded
// one after the other, and looks how long the slowest of them was held up.
func BenchmarkBackup(b *testing.B) {
	const documents, size = 5, 40 << 20
	dir := filepath.Join(b.TempDir(), "data")
	process.Run(b, nil, "superuser", "upsert", "root@example.org", "correct horse battery", "--dir", dir)
	server := process.Start(b, process.Options{Dir: dir, Env: map[string]string{"VERSO_PSEUDO_DELAY": "1m", "VERSO_CONCURRENCY": "1", "VERSO_MAX_ACTIVE_JOBS": "100000"}})
	client, superuser := server.SignIn(b, "user_demoada"), server.SignInSuperuser(b, "root@example.org", "correct horse battery")
	// As many uploads as go through come from one address.
	superuser.SendJSON(b, "PATCH", "/api/settings", map[string]any{"rateLimits": map[string]any{"enabled": false}}).MustBe(b, http.StatusOK)
	chance := rand.New(rand.NewPCG(1, 2))
	for range documents {
		// Words of chance, which pack about as badly as a book of pictures.
		var text strings.Builder
		for text.Len() < size {
			fmt.Fprintf(&text, "%x%x ", chance.Uint64(), chance.Uint64())
			if chance.IntN(8) == 0 {
				text.WriteString("\n\n")
			}
		}
		client.MustUpload(b, process.Upload{Content: strings.NewReader(text.String()), Fields: map[string]string{"segment_size": "100000"}})
	}
	upload := func() time.Duration {
		began := time.Now()
		client.MustUpload(b, process.Upload{Content: strings.NewReader("One.\n")})
		return time.Since(began)
	}
	for range b.N {
		var usual, slowest time.Duration
		for range 10 {
			usual = max(usual, upload())
		}
		began, done := time.Now(), make(chan time.Duration, 1)
		go func() {
			superuser.Post(b, "/api/backups", map[string]string{"name": "bench.zip"}).MustBe(b, http.StatusNoContent)
			done <- time.Since(began)
		}()
		for {
			slowest = max(slowest, upload())
			select {
			case took := <-done:
				table.add(transfers, fmt.Sprintf("a backup of %d MB", documents*size>>20), took.Round(time.Millisecond).String(),
					fmt.Sprintf("an upload meanwhile %s at most, before it %s", slowest.Round(time.Millisecond), usual.Round(time.Millisecond)))
				superuser.Delete(b, "/api/backups/bench.zip").MustBe(b, http.StatusNoContent)
			default:
				continue
			}
			break
		}
	}
}
