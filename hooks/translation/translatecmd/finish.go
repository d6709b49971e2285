package translatecmd

import (
	"errors"
	"fmt"
	"strings"
)

// mostIssues bounds the segments whose issues are listed.
const mostIssues = 50

// finish writes the output and says how it has ended.
func (t *translate) finish(watch *watch, sidecar *sidecar, job *job) error {
	b, err := build(watch.soft, job, t.source, t.path, t.options.bilingual)
	if err != nil {
		if errors.Is(err, errInterrupted) {
			return t.ended(job, err)
		}
		return documentOrExit(t.source.path, err)
	}
	for _, changed := range job.takeBack(b.left) {
		if err := sidecar.append(record{Segment: changed}); err != nil {
			b.discard()
			return err
		}
	}
	if b.worth <= 0 {
		b.discard()
		t.list(job)
		return failed("No part of %s could be translated. Run the same command again, or with --restart and another model.", t.source.path)
	}
	// Before it is there, so that it is known again whenever the process ends.
	if err := sidecar.append(record{Output: b.digest}); err != nil {
		b.discard()
		return err
	}
	if err := b.place(t.path, t.source, job.outputs, t.options.force); err != nil {
		return err
	}
	fmt.Fprintln(t.out, t.path)
	if issues := job.issues(); len(issues) > 0 {
		t.list(job)
		return exitf(ExitIssues, "%s is written; %s in the source language, as listed. Run the same command again to ask for that alone.", t.path, stands(len(issues)))
	}
	if words := spentWords(job); words != "" {
		fmt.Fprintf(t.err, "Translated for %s.\n", words)
	}
	if t.options.keep {
		return nil
	}
	return sidecar.remove()
}

// documentOrExit is an error of building as the command's own.
func documentOrExit(path string, err error) error {
	var exit *Exit
	if errors.As(err, &exit) {
		return exit
	}
	return documentExit(path, err)
}

func stands(segments int) string {
	if segments == 1 {
		return "something of 1 segment stands"
	}
	return fmt.Sprintf("something of %s segments stands", thousands(segments))
}

// list says what is not translated and why, with the beginning of each passage.
func (t *translate) list(job *job) {
	issues := job.issues()
	for _, s := range issues[:min(len(issues), mostIssues)] {
		fmt.Fprintf(t.err, "Segment %d: %s\n", s.Position+1, s.Issue)
		for _, block := range job.segments[s.Position].Blocks {
			if !has(s.Blocks, block.ID) {
				fmt.Fprintf(t.err, "  %s: %s\n", block.ID, beginning(block.Text))
			}
		}
	}
	if more := len(issues) - mostIssues; more > 0 {
		fmt.Fprintf(t.err, "and %s segments more\n", thousands(more))
	}
}

// beginning returns the beginning of a text on one line, without what a terminal
// would obey.
func beginning(text string) string {
	const longest = 60
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text)), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}
