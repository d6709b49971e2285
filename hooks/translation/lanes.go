package translation

import (
	"time"

	"verso/hooks/translation/lane"
)

// laneID names what limits hold for together: a model of an engine, asked with
// one key.
type laneID struct {
	engine string
	key    string // a keyed digest; "" for the engine's own
	model  string
}

// lanes are the lanes in use, by their ids. They are guarded with the schedule
// and outlive it: a limit that was learned holds after a restore too.
type lanes struct {
	limits map[string]lane.Limits // by engine
	byID   map[laneID]*lane.Lane
}

func newLanes(limits map[string]lane.Limits) *lanes {
	return &lanes{limits: limits, byID: map[laneID]*lane.Lane{}}
}

// of returns a lane, which is made at its first use.
func (l *lanes) of(id laneID) *lane.Lane {
	found := l.byID[id]
	if found == nil {
		found = lane.New(l.limits[id.engine])
		l.byID[id] = found
	}
	return found
}

// forgetIdle drops the lanes that hold nothing worth remembering.
func (l *lanes) forgetIdle(now time.Time) {
	for id, lane := range l.byID {
		if lane.Idle(now) {
			delete(l.byID, id)
		}
	}
}
