package tests

import (
	"fmt"
	"testing"
	"time"

	"verso/tests/standin"
)

// The doses in which a fault is given.
const (
	once       = "once"             // the first answer to which it can happen
	onPoison   = "poisoned block"   // always, on the paragraph with the word
	everywhere = "everything"       // always, on every block
	whenLong   = "above 250 chars." // always, on requests of more text
)

// The paragraphs of a story in the table, and which of them is poisoned; in
// segments of 800 characters it stands in the middle of one of three or four.
const (
	tablePages  = 12
	poisonPlace = 5
)

// faultCase is a line of the table.
type faultCase struct {
	fault  standin.Fault
	dose   string
	target string
	rule   standin.Rule
	told   story
	file   string // the story's name

	// status is what the job must end as, and reason why it pauses.
	status, reason string
	// lost are the ids of the blocks that must stand in the source language;
	// nil stands for all of them.
	lost []string
	// blind says that the fault's text may pass for a translation.
	blind bool
	// most is how many requests it may take.
	most int
	// says is a part of what the owner must be told.
	says string
}

func (c faultCase) name() string { return fmt.Sprintf("%s/%s/%s", c.label(), c.dose, c.target) }

// label is how the table calls the fault.
func (c faultCase) label() string {
	if c.blind {
		return string(c.fault) + ", blocks alike"
	}
	return string(c.fault)
}

// answerFault is a fault of the answer and what the owner is told of it.
type answerFault struct {
	fault standin.Fault
	tell  func(paragraphs int) story
	// file is what the story is called. Default: "story.txt".
	file string
	// heals says that a block asked for by itself cannot meet the fault.
	heals bool
	says  string
	// blind says that nobody can see the fault who does not understand both
	// languages.
	blind bool
	// targets besides Korean.
	also []string
}

// answerFaults are faults that come as an answer: the ladder deals with them.
func answerFaults() []answerFault {
	plain := func(fault standin.Fault, says string, also ...string) answerFault {
		return answerFault{fault: fault, tell: plainStory, says: says, also: also}
	}
	healing := func(fault standin.Fault, tell func(int) story, also ...string) answerFault {
		return answerFault{fault: fault, tell: tell, heals: true, also: also}
	}
	marked := func(fault standin.Fault, also ...string) answerFault {
		return answerFault{fault: fault, tell: markedStory, file: "story.md", says: "tags", also: also}
	}
	return []answerFault{
		plain(standin.Missing, "missing from the answer", "fr"),
		plain(standin.Doubled, "more than once"),
		plain(standin.UnknownID, "missing from the answer"),
		marked(standin.DroppedTags, "fr"),
		marked(standin.CrossedTags),
		plain(standin.Echo, "untranslated", "fr"),
		plain(standin.EmptyText, "empty"),
		plain(standin.WrongLanguage, "", "fr"),
		plain(standin.Refusal, "", "fr"),
		plain(standin.ReasoningInside, "", "fr"),
		plain(standin.Runaway, "", "fr"),
		{fault: standin.LostNumbers, tell: numberedStory, says: "number", also: []string{"fr"}},
		healing(standin.Swapped, numberedStory, "fr"),
		{fault: standin.Swapped, tell: plainStory, heals: true, blind: true},
		healing(standin.Merged, plainStory, "fr"),
		healing(standin.MergedEmpty, plainStory),
		plain(standin.TruncatedJSON, "could not be read"),
		plain(standin.Reasoning, "could not be read"),
		plain(standin.RefusalInstead, "could not be read"),
		plain(standin.EmptyAnswer, ""),
		plain(standin.MaxTokens, "cut off", "fr"),
		plain(standin.Safety, "safety filter", "fr"),
		plain(standin.Recitation, "published text"),
		plain(standin.ProhibitedContent, "rules forbid"),
		plain(standin.BlockedPrompt, "rules forbid"),
		plain(standin.EmptyCandidate, ""),
		plain(standin.NoCandidates, ""),
		plain(standin.OtherReason, "without saying why"),
		plain(standin.TooLong, ""),
		plain(standin.BadRequest, ""),
	}
}

// answerCases are the table's lines about answers.
func answerCases() (cases []faultCase) {
	for _, of := range answerFaults() {
		for _, target := range append([]string{"ko"}, of.also...) {
			told := of.tell(tablePages).poisoned(poisonPlace)
			line := faultCase{fault: of.fault, target: target, told: told, file: of.file, blind: of.blind, status: "COMPLETED", lost: []string{}, says: of.says}

			first := line
			first.dose, first.most, first.says = once, 4+6, ""
			first.rule = standin.Rule{Fault: of.fault, Times: 1}
			cases = append(cases, first)

			poison := line
			poison.dose, poison.most = onPoison, 4+10
			poison.rule = standin.Rule{Fault: of.fault, Holding: poisonWord}
			if !of.heals {
				poison.lost = []string{blockID(poisonPlace)}
			}
			cases = append(cases, poison)

			all := line
			all.dose, all.most = everywhere, 4*15
			all.rule = standin.Rule{Fault: of.fault, All: true}
			if !of.heals {
				all.status, all.lost = "FAILED", nil
			}
			cases = append(cases, all)
		}
	}
	for _, target := range []string{"ko", "fr"} {
		cases = append(cases, faultCase{
			fault: standin.MaxTokens, dose: whenLong, target: target, told: plainStory(tablePages).poisoned(poisonPlace),
			rule: standin.Rule{Fault: standin.MaxTokens, Over: 250}, status: "COMPLETED", lost: []string{}, most: 40,
		})
	}
	return cases
}

// generousQuota is the limit a minute that a 429 of the table tells: in requests
// or tokens far more than the story needs. What a smaller one, or none, teaches
// is TestGeminiLimits's.
const generousQuota = 1_000_000_000

// engineFaults are faults of an engine that is away or at fault. That says
// nothing about the text, until it meets one text alone.
func engineFaults() []standin.Fault {
	return []standin.Fault{
		standin.ServerError, standin.Unavailable, standin.Timeout504, standin.BadGateway,
		standin.Hang, standin.SlowDrip, standin.Reset, standin.ResetInBody, standin.HalfBody, standin.NotJSON,
	}
}

// engineCases are the table's lines about an engine that fails, apart from
// outages without an end.
func engineCases() (cases []faultCase) {
	line := func(fault standin.Fault, dose string) faultCase {
		c := faultCase{
			fault: fault, dose: dose, target: "ko", status: "COMPLETED", lost: []string{}, most: 4 + 6,
			told: plainStory(tablePages).poisoned(poisonPlace),
			rule: standin.Rule{Fault: fault, Times: 1, RetryDelay: 700 * time.Millisecond, Quota: generousQuota},
		}
		if fault == standin.SlowDrip {
			c.rule.Delay = 100 * time.Millisecond
		}
		if dose == onPoison {
			c.rule.Times, c.rule.Holding = 0, poisonWord
		}
		return c
	}
	for _, fault := range engineFaults() {
		poison := line(fault, onPoison)
		poison.lost, poison.most, poison.says = []string{blockID(poisonPlace)}, 4+30, "broke off"
		cases = append(cases, line(fault, once), poison)
	}
	for _, fault := range []standin.Fault{standin.RateLimitedMinute, standin.RateLimitedTokens} {
		cases = append(cases, line(fault, once))
	}
	for _, pause := range []struct {
		fault  standin.Fault
		reason string
	}{
		{standin.QuotaDay, "quota"}, {standin.WrongKey, "key"}, {standin.ExpiredKey, "key"}, {standin.LeakedKey, "key"},
		{standin.SuspendedKey, "key"}, {standin.BlockedKey, "key"}, {standin.WrongLocation, "key"}, {standin.ModelGone, "model"},
	} {
		c := line(pause.fault, onPoison)
		c.status, c.reason, c.most = "PAUSED", pause.reason, 4
		cases = append(cases, c)
	}
	return cases
}

// TestGeminiFaults lets the engine make every mistake in several doses. No
// mistake is ever taken for a translation, nothing is lost that need not be, and
// no fault costs more than a bounded number of requests.
func TestGeminiFaults(t *testing.T) {
	t.Run("answers", func(t *testing.T) {
		t.Parallel()
		runFaultCases(t, answerCases())
	})
	t.Run("engine", func(t *testing.T) {
		t.Parallel()
		runFaultCases(t, engineCases(), "VERSO_ENGINE_TIMEOUT", "1s", "VERSO_CONCURRENCY", "96")
	})
	t.Run("outages", func(t *testing.T) {
		t.Parallel()
		runOutages(t)
	})
}
