package translatecmd

import (
	"encoding/json"
	"io"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/pipeline/analysis"
)

// brief is what all segments of a document are to agree on.
type brief struct {
	Style     map[string]any      `json:"style_data"`
	Glossary  []pipeline.Term     `json:"glossary"`
	MadeBy    string              `json:"made_by"`
	Conflicts []analysis.Conflict `json:"conflicts,omitempty"`
}

// Who made a brief.
const (
	madeByUser     = "user"
	madeByAnalysis = "analysis"
)

// print writes a brief as the service's route shows one.
func (b *brief) print(w io.Writer) error {
	shown := *b
	if shown.Glossary == nil {
		shown.Glossary = []pipeline.Term{}
	}
	return printJSON(w, shown)
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return failed("standard output cannot be written: %s", reason(err))
	}
	return nil
}

// question is one question about a document.
type question struct {
	task engine.Task
	text string
}

// wantsAnalysis reports whether the document is to be read before it is
// translated. One segment agrees with itself.
func (j *job) wantsAnalysis(briefOnly bool) bool {
	return j.brief == nil && (j.analyseStyle || j.analyseGlossary) && (len(j.segments) > 1 || briefOnly)
}

// questions returns what is asked about the document, the same each time.
func (j *job) questions() (questions []question) {
	sampler := analysis.NewSampler(j.characters())
	sampler.Longest = j.limits.InputTokens / 2 // half a minute's, as for segments
	for _, segment := range j.segments {
		for _, block := range segment.Blocks {
			sampler.Add(block.Text)
		}
	}
	sample := sampler.Sample()
	if j.analyseStyle {
		questions = append(questions, question{engine.AnalyseStyle, sample.Style})
	}
	if j.analyseGlossary {
		for _, text := range sample.Terms {
			questions = append(questions, question{engine.AnalyseGlossary, text})
		}
	}
	return questions
}

// study is the round of questions about a document. Where it ends, its brief is
// frozen.
type study struct {
	*job
	sidecar *sidecar
	asked   []question
}

// work returns what asking a question takes.
func (s *study) work(position int) pipeline.Work {
	return pipeline.Work{
		Engine: s.name, Model: s.model, SourceLanguage: s.source, TargetLanguage: s.target,
		Task: s.asked[position].task, Text: s.asked[position].text,
	}
}

// open returns the questions that have no answer.
func (s *study) open() (positions []int) {
	for i := range s.asked {
		if s.found[i] == nil {
			positions = append(positions, i)
		}
	}
	return positions
}

// settle writes what a question brought.
func (s *study) settle(work *pipeline.Work, position int) (int, error) {
	f := &found{Question: position, Findings: work.Climb.Findings}
	s.found[position] = f
	return nobody, s.sidecar.append(record{Found: f, Spent: work.Climb.Spent})
}

// leave writes what a question cost that has not come to its end.
func (s *study) leave(work *pipeline.Work, _ int) error {
	if len(work.Climb.Spent) == 0 {
		return nil
	}
	return s.sidecar.append(record{Spent: work.Climb.Spent})
}

// result makes the brief of what was found. What the user gave stands.
func (s *study) result() (b *brief, unanswered int) {
	b = &brief{Style: s.given.Style, Glossary: s.given.Glossary, MadeBy: madeByUser}
	var parts [][]engine.Entry
	var texts []string
	for i, question := range s.asked {
		texts = append(texts, question.text)
		switch f := s.found[i].Findings; {
		case f == nil:
			unanswered++
		case f.Glossary != nil:
			parts = append(parts, f.Glossary)
		case f.Style != engine.Style{}:
			b.Style, b.MadeBy = styleMap(f.Style), madeByAnalysis
		}
	}
	if len(parts) > 0 {
		var entries []engine.Entry
		entries, b.Conflicts = analysis.Settle(parts, texts...)
		b.MadeBy = madeByAnalysis
		for _, entry := range entries {
			b.Glossary = append(b.Glossary, pipeline.Term(entry))
		}
	}
	return b, unanswered
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
