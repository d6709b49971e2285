package notices

import (
	"strings"

	"verso/hooks/records"
)

// An event is what a person is told of, once a job. Each reason for a pause is an
// event of its own, "paused:key" and so on: who has brought another key wants to
// know that the spending limit is reached.
const (
	eventCompleted   = "completed"
	eventFailed      = "failed"
	eventPausePrefix = "paused:"
)

// mendable lists the reasons for a pause that only the owner can mend. A quota
// fills up by itself, and what he paused himself he knows of.
func mendable() []records.PauseReason {
	return []records.PauseReason{records.PausedByKey, records.PausedByModel, records.PausedByBudget, records.PausedByReview}
}

// eventOf returns the event that a job's state stands for, or "". It is the
// trigger's rule once more; a test holds the two together.
func eventOf(status records.Status, reason records.PauseReason, resumesAt string) string {
	switch status {
	case records.StatusCompleted:
		return eventCompleted
	case records.StatusFailed:
		return eventFailed
	case records.StatusPaused:
		for _, r := range mendable() {
			if r == reason && resumesAt == "" {
				return eventPausePrefix + string(reason)
			}
		}
	}
	return ""
}

// pauseOf returns the reason of a pause's event.
func pauseOf(event string) (reason records.PauseReason, ok bool) {
	rest, ok := strings.CutPrefix(event, eventPausePrefix)
	return records.PauseReason(rest), ok
}
