package pgmirror

import "context"

// Prepare makes the mirror's tables and triggers in SQLite.
func (m *Mirror) Prepare(ctx context.Context) error { return m.source.prepare(ctx) }

// Start lets the mirror run.
func (m *Mirror) Start() { m.start() }

// Stop ends it.
func (m *Mirror) Stop() { m.stop() }
