package bench

import (
	"net/http"
	"testing"

	"verso/tests/process"
)

// shelve writes finished jobs of somebody into the running server's database, an hour
// apart. Their ids begin with a prefix of at most five letters.
func shelve(b *testing.B, server *process.Server, client *process.Client, prefix string, jobs int) {
	b.Helper()
	var me struct{ ID string }
	client.Get(b, "/api/v1/me").MustBe(b, http.StatusOK).Decode(b, &me)
	_, err := openWritable(b, server.Dir).ExecContext(b.Context(), `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO translation_jobs (id, owner_id, filename, status, segments_total, segments_done, progress,
			source_language, target_language, engine, model_name, created_at, completed_at)
		SELECT printf('%s%0*d', ?, 15 - length(?), i), ?, printf('chapter %04d.txt', i), 'COMPLETED', 40, 40, 100, 'en', 'fr', 'pseudo', 'pseudo',
			strftime('%Y-%m-%d %H:%M:%f', 'now', printf('-%d hours', i)) || 'Z', strftime('%Y-%m-%d %H:%M:%f', 'now', printf('-%d hours', i)) || 'Z'
		FROM n`, jobs, prefix, prefix, me.ID)
	if err != nil {
		b.Fatal(err)
	}
}
