package translation

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/pipeline/analysis"
)

// This file is how a job's brief is found: before its first segment, questions
// about its style and its terms go to the engine like segments do, through the
// same lanes, limits, purses and ladders. They stand in the schedule at positions
// below zero.

// study is the analysis of a job's document under way. It is guarded by the
// runner's mutex.
type study struct {
	questions []question
	left      int
	spent     engine.Spending // on the questions that have come to their end
	brief     int             // the revision that it is to be the successor of
}

// question is one question about a document.
type question struct {
	task     engine.Task
	text     string
	findings *engine.Findings // nil until it is answered, and where that was no use
	ended    bool
}

// positionOf returns where in the schedule a question stands.
func positionOf(question int) int { return -1 - question }

// questionAt returns which question stands at a position below zero.
func questionAt(position int) int { return -1 - position }

// wantsAnalysis reports whether a job's document is to be analysed before it is
// translated. One segment agrees with itself.
func (r *runner) wantsAnalysis(order *order, segments int) bool {
	if order.analysis.Done || !order.options.AnalyseStyle && !order.options.AnalyseGlossary {
		return false
	}
	_, able := r.engines[order.job.Engine()].(engine.Analyst)
	return able && (segments > 1 || order.options.Review)
}

// survey puts the questions about a job's document together.
func (r *runner) survey(ctx context.Context, order *order) (*study, error) {
	characters, err := r.ledger.characters(ctx, order.job.Id)
	if err != nil {
		return nil, err
	}
	sampler := analysis.NewSampler(characters)
	// Half a minute's tokens, as for segments.
	sampler.Longest = r.lanes.limits[order.lane.engine].InputTokens / 2
	err = r.ledger.eachSegment(ctx, order.job.Id, func(source []pipeline.Block, _ []engine.Block) error {
		for _, block := range source {
			sampler.Add(block.Text)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	sample := sampler.Sample()
	found := &study{brief: order.revision}
	if order.options.AnalyseStyle {
		found.questions = append(found.questions, question{task: engine.AnalyseStyle, text: sample.Style})
	}
	if order.options.AnalyseGlossary {
		for _, text := range sample.Terms {
			found.questions = append(found.questions, question{task: engine.AnalyseGlossary, text: text})
		}
	}
	for i := range found.questions {
		asked := &found.questions[i]
		if stored, ok := order.analysis.Found[asked.digest()]; ok && json.Unmarshal(stored, &asked.findings) == nil && asked.findings != nil {
			asked.ended = true // before the job was broken off
			continue
		}
		found.left++
	}
	return found, nil
}

// digest tells a question from others.
func (q question) digest() string {
	sum := sha256.Sum256([]byte(string(q.task) + "\x00" + q.text))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// found returns the answers that have come, as the ledger keeps them.
func (s *study) found() map[string]json.RawMessage {
	found := map[string]json.RawMessage{}
	for _, question := range s.questions {
		if question.findings == nil {
			continue
		}
		if encoded, err := json.Marshal(question.findings); err == nil {
			found[question.digest()] = encoded
		}
	}
	return found
}

// study lets a job's questions be asked.
func (r *runner) study(t task, active *activeJob, order *order, purses *purses, found *study) error {
	var open []fresh
	for i, question := range found.questions {
		if !question.ended {
			work := r.questionWork(order, question)
			open = append(open, fresh{position: positionOf(i), bytes: work.NextBytes()})
		}
	}
	r.mu.Lock()
	active.study = found
	active.left, active.lane = len(open), order.lane
	t.queue.plan(order.lane, purses, 0, open)
	r.closeIfExhausted(active)
	r.mu.Unlock()
	r.feed.changed(t.job, active.owner)
	return nil
}

// questionWork returns what asking a question takes.
func (r *runner) questionWork(order *order, question question) pipeline.Work {
	return pipeline.Work{
		JobID:          order.job.Id,
		Engine:         order.job.Engine(),
		Model:          order.job.ModelName(),
		SourceLanguage: order.job.SourceLanguage(),
		TargetLanguage: order.job.TargetLanguage(),
		SealedKey:      order.sealedKey,
		Task:           question.task,
		Text:           question.text,
	}
}

// questionOf returns a question's work, and how far it has come.
func (r *runner) questionOf(t task, active *activeJob, order *order) (pipeline.Work, aside, error) {
	before := r.takeAside(active, t.position)
	r.mu.Lock()
	defer r.mu.Unlock()
	if active.study == nil {
		return pipeline.Work{}, before, errStale
	}
	work := r.questionWork(order, active.study.questions[questionAt(t.position)])
	work.Climb = before.climb
	return work, before, nil
}

// found takes the end of a question. With the last one the brief is frozen, and
// the job is planned once more, now with it.
func (r *runner) found(ctx context.Context, t *task, active *activeJob, order *order, work pipeline.Work) error {
	t.answered = true
	study, spent, err := r.note(*t, active, work)
	if err != nil || study == nil {
		return err
	}
	if err := r.freeze(context.WithoutCancel(ctx), order, study, spent); err != nil {
		if !isStale(err) {
			// It is written the next time, and paid for then.
			r.mu.Lock()
			study.spent = spent
			r.mu.Unlock()
			r.keep(ctx, t.job, active, t.position, aside{climb: pipeline.Climb{Begun: true}}, nil)
		}
		return err
	}
	active.forgetOrder()
	r.mu.Lock()
	active.study = nil
	r.schedule.replan(*t)
	r.mu.Unlock()
	r.feed.changed(t.job, active.owner)
	return nil
}

// note takes what was found, and with the last question returns the study and what
// all of it has cost, which is the caller's to write from then on.
func (r *runner) note(t task, active *activeJob, work pipeline.Work) (*study, engine.Spending, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	study := active.study
	if study == nil {
		return nil, nil, errStale
	}
	if asked := &study.questions[questionAt(t.position)]; !asked.ended {
		asked.ended, asked.findings = true, work.Climb.Findings
		for model, usage := range work.Climb.Spent {
			study.spent = study.spent.Add(model, usage)
		}
		if work.Climb.Findings == nil {
			r.log(active).Warn("a part of a document could not be analysed", "job", t.job, "task", work.Task, "rungs", work.Climb.Rungs)
		}
		study.left--
		active.left--
	}
	if study.left > 0 {
		return nil, nil, nil
	}
	spent := study.spent
	study.spent = nil
	return study, spent, nil
}

// freeze writes a job's brief as its document's analysis makes it. What the user
// gave stands.
func (r *runner) freeze(ctx context.Context, order *order, study *study, spent engine.Spending) error {
	brief := foundBrief{style: order.style, terms: order.terms, after: study.brief}
	brief.analysis = records.BriefAnalysis{Done: true, Questions: len(study.questions)}
	var parts [][]engine.Entry
	var texts []string
	for _, question := range study.questions {
		texts = append(texts, question.text)
		switch found := question.findings; {
		case found == nil:
			brief.analysis.Unanswered++
		case found.Glossary != nil:
			parts = append(parts, found.Glossary)
		case found.Style != engine.Style{}:
			brief.style, brief.analysis.Style = styleMap(found.Style), true
		}
	}
	if len(parts) > 0 {
		entries, conflicts := analysis.Settle(parts, texts...)
		brief.analysis.Glossary = true
		for _, entry := range entries {
			brief.terms = append(brief.terms, pipeline.Term(entry))
		}
		for _, conflict := range conflicts {
			brief.analysis.Conflicts = append(brief.analysis.Conflicts, records.Conflict(conflict))
		}
	}
	err := r.ledger.freeze(ctx, order.job.Id, brief, r.bill(order, spent))
	if isStale(err) {
		r.spend(ctx, order, spent)
	}
	return wrap("freeze the brief", err)
}

// styleMap returns a style as a brief holds it: what is empty is left out.
func styleMap(style engine.Style) map[string]any {
	found := map[string]any{}
	for key, value := range map[string]string{
		"protagonist_name":        style.ProtagonistName,
		"narration_style_endings": style.NarrationStyleEndings,
		"tone_keywords":           style.ToneKeywords,
		"stylistic_rule":          style.StylisticRule,
	} {
		if value != "" {
			found[key] = value
		}
	}
	return found
}

// errReview stops a job whose owner wants to see its brief first.
var errReview = errors.New("the brief waits for its review")

// review stops a job when its brief stands, once, where its owner asked for that.
func (r *runner) review(ctx context.Context, jobID string, order *order) error {
	if !order.options.Review {
		return nil
	}
	if err := r.ledger.pauseForReview(ctx, jobID); err != nil {
		return fmt.Errorf("pause for review: %w", err)
	}
	return errReview
}
