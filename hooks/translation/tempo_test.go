package translation

import (
	"testing"
	"time"
)

func TestTempo(t *testing.T) {
	begun := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	const atATime, each = 8, 10 * time.Second
	tests := []struct {
		name        string
		settled     int           // in rounds of eight, each of ten seconds
		silence     time.Duration // since the last round
		left        int
		least, most time.Duration
		unknown     bool
	}{
		{name: "nothing settled yet", left: 100, unknown: true},
		{name: "the first of a round", settled: 1, left: 99, least: 130 * time.Second, most: 130 * time.Second},
		{name: "one round", settled: 8, left: 80, least: 100 * time.Second, most: 100 * time.Second},
		{name: "many rounds", settled: 80, left: 80, least: 75 * time.Second, most: 105 * time.Second},
		{name: "an engine that stands still", settled: 80, silence: time.Minute, left: 80, least: 200 * time.Second, most: 300 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p tempo
			now := begun
			for i := range test.settled {
				now = begun.Add(time.Duration(i/atATime+1) * each)
				p.settle(now, each)
			}
			got, ok := p.estimate(now.Add(test.silence), test.left, atATime)
			if ok == test.unknown || got < test.least || got > test.most {
				t.Errorf("got %s, %v; want %s to %s", got, ok, test.least, test.most)
			}
		})
	}
}
