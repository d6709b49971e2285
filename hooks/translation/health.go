package translation

import (
	"context"
	"sync"
	"time"

	"verso/hooks/translation/engine"
)

// engineHealth is what the last requests tell of each engine.
type engineHealth struct {
	mu       sync.Mutex
	byEngine map[string]engineState
}

// engineState is what is known of one engine.
type engineState struct {
	answered time.Time // when it answered last, with whatever
	away     time.Time // since when it has not; the zero time while it answers
}

// note takes what a request's end tells of an engine. A limit, a refused key or a
// blocked text is an answer; a request that was cut off here tells nothing.
func (h *engineHealth) note(name string, err error, now time.Time) {
	kind := engine.KindOf(err)
	if err != nil && kind == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byEngine == nil {
		h.byEngine = map[string]engineState{}
	}
	state := h.byEngine[name]
	switch {
	case kind != engine.Unreachable && kind != engine.ServerFailed:
		state = engineState{answered: now}
	case state.away.IsZero():
		state.away = now
	}
	h.byEngine[name] = state
}

// engineReport tells of an engine at /readyz.
type engineReport struct {
	// Status is "ok", "away", or "unknown" before the first request.
	Status   string     `json:"status"`
	Since    *time.Time `json:"since,omitempty"` // of "away"
	Answered *time.Time `json:"answered_at,omitempty"`
}

// Engines reports for /readyz whether the engines answered when they were asked last.
// None is asked for it.
func (j *Jobs) Engines(context.Context) any {
	m := j.runner.metrics
	reports := make(map[string]engineReport, len(m.engines))
	m.health.mu.Lock()
	defer m.health.mu.Unlock()
	for name := range m.engines {
		state, known := m.health.byEngine[name]
		report := engineReport{Status: "unknown"}
		switch {
		case known && !state.away.IsZero():
			report.Status, report.Since = "away", utc(state.away)
		case known:
			report.Status = "ok"
		}
		report.Answered = utc(state.answered)
		reports[name] = report
	}
	return reports
}

// utc is a time in whole seconds, or nothing.
func utc(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return new(at.UTC().Truncate(time.Second))
}
