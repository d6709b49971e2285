package ops

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// The forms in which the log may be written beside the one in the dashboard.
const (
	LogJSON = "json"
	LogText = "text"
)

// newLogWriter returns what writes the log in a form, one line an entry; nil for no
// form.
func newLogWriter(form string, to io.Writer) (slog.Handler, error) {
	// What is worth an entry is decided by the level in PocketBase's settings.
	everything := &slog.HandlerOptions{Level: slog.Level(-128)}
	switch form {
	case "":
		return nil, nil
	case LogJSON:
		return slog.NewJSONHandler(to, everything), nil
	case LogText:
		return slog.NewTextHandler(to, everything), nil
	}
	return nil, fmt.Errorf("Config.Log is %q, and neither %q nor %q", form, LogJSON, LogText)
}

// NewLogger returns a logger for a command without PocketBase: in a form, or as text
// where that is "".
func NewLogger(form string, to io.Writer) *slog.Logger {
	if form == LogJSON {
		return slog.New(slog.NewJSONHandler(to, nil))
	}
	return slog.New(slog.NewTextHandler(to, nil))
}

// writeLog writes each entry of PocketBase's log, which keeps them in its database
// for the dashboard, some seconds late. Where it is told to keep none there is nothing
// to write, which is said once.
func writeLog(app core.App, handler slog.Handler) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if e.App.Settings().Logs.MaxDays == 0 {
			fmt.Fprintln(os.Stderr, "Warning: VERSO_LOG writes nothing while the dashboard keeps no log; let it keep one for a day (Settings, Logs)")
		}
		return e.Next()
	})
	app.OnModelCreateExecute(core.LogsTableName).BindFunc(func(e *core.ModelEvent) error {
		if entry, ok := e.Model.(*core.Log); ok {
			// Standard error may be closed, which is no reason to lose the entry.
			_ = handler.Handle(context.WithoutCancel(e.Context), recordOf(entry))
		}
		return e.Next()
	})
}

// recordOf is an entry as slog has it.
func recordOf(entry *core.Log) slog.Record {
	record := slog.NewRecord(entry.Created.Time(), slog.Level(entry.Level), entry.Message, 0)
	names := make([]string, 0, len(entry.Data))
	for name := range entry.Data {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		record.AddAttrs(slog.Any(name, entry.Data[name]))
	}
	return record
}
