package translatecmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/pipeline/glossary"
)

// job is a translation and all that is known of it so far, as the sidecar has it.
type job struct {
	*order
	segments []pipeline.Segment
	brief    *brief             // nil until it is frozen
	terms    *glossary.Glossary // the brief's, to be found
	found    map[int]*found     // what questions about the document brought
	settled  map[int]*segment
	spent    engine.Spending
	outputs  []string // digests of what was written
}

// errStrange is a sidecar that does not speak of the document's segments.
var errStrange = errors.New("it speaks of passages that the document does not have")

// newJob plans a document into segments, and takes in what a sidecar knows.
func newJob(order *order, source *source, size int, records []record) (*job, error) {
	j := &job{
		order: order, segments: pipeline.Plan(source.document.Blocks(), size),
		found: map[int]*found{}, settled: map[int]*segment{},
	}
	for _, r := range records {
		for model, usage := range r.Spent {
			j.spent = j.spent.Add(model, usage)
		}
		switch {
		case r.Found != nil:
			j.found[r.Found.Question] = r.Found
		case r.Brief != nil:
			j.freeze(r.Brief)
		case r.Segment != nil:
			if !j.knows(r.Segment) {
				return nil, errStrange
			}
			j.settled[r.Segment.Position] = r.Segment
		case r.Output != "":
			j.outputs = append(j.outputs, r.Output)
		}
	}
	return j, nil
}

// knows reports whether a record is about one of the document's segments.
func (j *job) knows(s *segment) bool {
	if s.Position < 0 || s.Position >= len(j.segments) {
		return false
	}
	there := map[string]bool{}
	for _, block := range j.segments[s.Position].Blocks {
		there[block.ID] = true
	}
	return !slices.ContainsFunc(s.Blocks, func(b engine.Block) bool { return !there[b.ID] })
}

// plan digests the segments, so that a version of Verso that cuts documents
// otherwise takes no sidecar for its own.
func (j *job) plan() string { return digestOf(j.segments) }

// freeze sets the brief once and for all.
func (j *job) freeze(b *brief) {
	j.brief = b
	j.terms = glossary.New(glossary.Pair{Source: j.source, Target: j.target}, b.Glossary)
}

// open returns the positions of the segments that are not done.
func (j *job) open() (positions []int) {
	for position := range j.segments {
		if !j.settled[position].done() {
			positions = append(positions, position)
		}
	}
	return positions
}

// issues returns the segments of which passages stay in the source language.
func (j *job) issues() (found []*segment) {
	for position := range j.segments {
		if s := j.settled[position]; s != nil && s.Issue != "" {
			found = append(found, s)
		}
	}
	return found
}

// characters counts the document's characters.
func (j *job) characters() (n int) {
	for _, segment := range j.segments {
		for _, block := range segment.Blocks {
			n += utf8.RuneCountInString(block.Text)
		}
	}
	return n
}

// context returns the text just before a segment.
func (j *job) context(position int) string {
	if position == 0 {
		return ""
	}
	return pipeline.ContextOf(j.segments[position-1].Blocks)
}

// work puts together what translating a segment takes, as the service does.
func (j *job) work(position int) pipeline.Work {
	blocks := j.segments[position].Blocks
	work := pipeline.Work{
		Position: position, Blocks: blocks, Context: j.context(position),
		Engine: j.name, Model: j.model, Fallback: j.fallback,
		SourceLanguage: j.source, TargetLanguage: j.target,
		Style: j.brief.Style, Glossary: j.termsIn(blocks),
	}
	work.Present = j.present(work.Context, work.Glossary)
	return work
}

// termsIn returns the terms that occur in blocks.
func (j *job) termsIn(blocks []pipeline.Block) []pipeline.Term {
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = block.Text
	}
	return j.terms.In(texts...)
}

// present returns the persons who are named in a text just before a segment and
// not in the segment itself.
func (j *job) present(before string, here []pipeline.Term) (persons []pipeline.Term) {
	for _, term := range j.terms.In(before) {
		elsewhere := !slices.ContainsFunc(here, func(other pipeline.Term) bool { return other.Term == term.Term })
		if term.Kind == "person" && elsewhere {
			persons = append(persons, term)
		}
	}
	return persons
}

// assemble puts the translations together.
func (j *job) assemble() *pipeline.Assembly {
	assembly := pipeline.NewAssembly(j.target)
	for position, planned := range j.segments {
		var blocks []engine.Block
		if s := j.settled[position]; s != nil {
			blocks = s.Blocks
		}
		assembly.Add(planned.Blocks, blocks)
	}
	return assembly
}

// takeBack drops the translations of some of the document's blocks, because its
// format could not take them in, and returns the segments that this changes.
func (j *job) takeBack(ids []string) (changed []*segment) {
	for position := range j.segments {
		s := j.settled[position]
		var lost []string
		for _, block := range s.Blocks {
			if whole, _, _ := strings.Cut(block.ID, "."); slices.Contains(ids, whole) {
				lost = append(lost, block.ID)
			}
		}
		if len(lost) == 0 {
			continue
		}
		left := &segment{Position: position}
		for _, block := range s.Blocks {
			if !slices.Contains(lost, block.ID) {
				left.Blocks = append(left.Blocks, block)
			}
		}
		left.Issue = strings.TrimSpace(fmt.Sprintf("%s Not translated, because the translation cannot be written in the document's markup: %s.",
			s.Issue, strings.Join(lost[:min(len(lost), 100)], ", ")))
		j.settled[position] = left
		changed = append(changed, left)
	}
	return changed
}
