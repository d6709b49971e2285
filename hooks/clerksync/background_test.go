package clerksync_test

import (
	"os"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/clerksync"
)

// TestRestored holds that users are compared with Clerk's by the process that comes
// after a restored backup, at once and once.
func TestRestored(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	clerkUsers := newDirectory(t, "user_a")
	clerksync.MustRegister(app, clerksync.Config{Backend: clerkUsers.backend})
	mark := app.DataDir() + ".restored"
	t.Cleanup(func() { _ = os.Remove(mark) })
	restore := func(result error) {
		_ = app.OnBackupRestore().Trigger(&core.BackupEvent{App: app, Context: t.Context()}, func(*core.BackupEvent) error { return result })
	}
	restore(os.ErrInvalid)
	if _, err := os.Stat(mark); err == nil {
		t.Error("a restore that failed leaves a mark")
	}
	restore(nil)

	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.OnServe().Trigger(&core.ServeEvent{App: app, Router: router}, func(*core.ServeEvent) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(mark); err != nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("users were not compared with Clerk's")
		}
	}
	if err := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}); err != nil {
		t.Error(err)
	}
	if ids := living(t, app); len(ids) != 1 {
		t.Errorf("the users are %v", ids)
	}
}
