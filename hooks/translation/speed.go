package translation

import (
	"math"
	"time"
	"unicode/utf8"

	"verso/hooks/translation/pipeline"
)

// modelID is one of an engine, whoever asks it.
type modelID struct{ engine, name string }

// speed is how fast a model answered lately: what an answer takes however short it
// is, and what each character of the source adds.
type speed struct{ answer, character time.Duration }

const (
	// leastAnswer bounds what counts as the part of an answer's time that does not
	// grow with its length.
	leastAnswer = time.Second
	// newestWeighs is the weight of the newest answer, as one in so many.
	newestWeighs = 8
)

// note takes in that a segment of so many characters was answered.
func (s speed) note(took time.Duration, characters int) speed {
	answer := min(took, leastAnswer)
	latest := speed{answer: answer, character: (took - answer) / time.Duration(max(characters, 1))}
	if s == (speed{}) {
		return latest
	}
	s.answer += (latest.answer - s.answer) / newestWeighs
	s.character += (latest.character - s.character) / newestWeighs
	return s
}

// estimate returns how long so many segments take with so many at a time, and the
// questions about the document before them, which are asked side by side.
func (s speed) estimate(characters, segments, atATime int, asksFirst bool) time.Duration {
	rounds := (segments + atATime - 1) / atATime
	if asksFirst {
		rounds++
	}
	each := s.answer + s.character*time.Duration(characters/max(segments, 1))
	return time.Duration(rounds) * each
}

// noteSpeed takes in how long a segment took. The runner's mutex is held.
func (r *runner) noteSpeed(engine string, work pipeline.Work, took time.Duration) {
	if took <= 0 || len(work.Kept) > 0 {
		return // not all of it was asked for
	}
	characters := 0
	for _, block := range work.Blocks {
		characters += utf8.RuneCountInString(block.Text)
	}
	of := modelID{engine, work.Model}
	r.speeds[of] = r.speeds[of].note(took, characters)
}

// expectedSeconds returns how long a translation is going to take by how fast its
// model answered lately; nil where it has answered nothing since the start.
func (p *plugin) expectedSeconds(job newJob, looked appraisal) *int {
	p.runner.mu.Lock()
	defer p.runner.mu.Unlock()
	speed, known := p.runner.speeds[modelID{job.Engine, job.Model}]
	if !known {
		return nil
	}
	took := speed.estimate(looked.estimate.Characters, looked.estimate.Segments, p.config.JobConcurrency, looked.asksFirst)
	return new(max(int(math.Ceil(took.Seconds())), 1))
}
