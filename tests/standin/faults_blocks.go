package standin

import (
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// possible reports whether a rule's fault can happen to a question.
func (r Rule) possible(q question) bool {
	switch r.Fault {
	case Missing, Doubled, UnknownID, CrossedTags, DroppedTags, Echo, WrongLanguage, EmptyText, Refusal,
		ReasoningInside, Runaway, LostNumbers, Swapped, Merged, MergedEmpty, IgnoredTerms:
		return q.kind == Translation && len(r.victims(q.payload, q.terms)) > 0
	case TruncatedJSON, MaxTokens, Reasoning, RefusalInstead, EmptyAnswer,
		Safety, Recitation, ProhibitedContent, Blocklist, SPII, LanguageReason, OtherReason,
		BlockedPrompt, EmptyCandidate, NoCandidates, HugeAnswer:
		return q.kind.generates()
	}
	return true
}

// victims returns the positions of the blocks to spoil: with All every one to
// which the fault can happen, else the longest.
func (r Rule) victims(payload Payload, terms []Term) []int {
	var victims []int
	for i, block := range payload.Blocks {
		if strings.Contains(block.Text, r.Holding) && r.suits(payload, terms, i) {
			victims = append(victims, i)
		}
	}
	if r.All || len(victims) < 2 {
		return victims
	}
	return []int{slices.MaxFunc(victims, func(i, j int) int {
		return len(payload.Blocks[i].Text) - len(payload.Blocks[j].Text)
	})}
}

// suits reports whether the fault can happen to a block and be seen.
func (r Rule) suits(payload Payload, terms []Term, i int) bool {
	text := payload.Blocks[i].Text
	switch r.Fault {
	case CrossedTags:
		return len(pairs(text)) > 0
	case DroppedTags:
		return inlineTag().MatchString(text)
	case LostNumbers:
		return strings.ContainsFunc(inlineTag().ReplaceAllString(text, ""), unicode.IsDigit)
	case Swapped, Merged, MergedEmpty:
		// The last block has no neighbour behind it; with All the blocks go in
		// pairs.
		return i+1 < len(payload.Blocks) && (!r.All || i%2 == 0) && text != payload.Blocks[i+1].Text
	case IgnoredTerms:
		target := payload.TargetLanguage
		return Translate(target, text, terms...) != Translate(target, text)
	case Echo, WrongLanguage, EmptyText, Refusal, ReasoningInside, Runaway:
		return strings.ContainsFunc(text, unicode.IsLetter)
	}
	return true
}

// spoil returns the good blocks with what a rule does to them.
func spoil(rule Rule, payload Payload, terms []Term) []Block {
	blocks := translateBlocks(payload, terms)
	drop := make([]bool, len(blocks))
	var extra []Block
	for _, i := range rule.victims(payload, terms) {
		switch rule.Fault {
		case Missing:
			drop[i] = true
		case Doubled:
			extra = append(extra, blocks[i])
		case UnknownID:
			blocks[i].ID = "block-" + blocks[i].ID
		case Swapped:
			blocks[i].Text, blocks[i+1].Text = blocks[i+1].Text, blocks[i].Text
		case Merged, MergedEmpty:
			blocks[i].Text += " " + blocks[i+1].Text
			blocks[i+1].Text, drop[i+1] = "", rule.Fault == Merged
		case IgnoredTerms:
			blocks[i].Text = Translate(payload.TargetLanguage, payload.Blocks[i].Text)
		default:
			blocks[i].Text = spoilText(rule.Fault, payload, payload.Blocks[i].Text, blocks[i].Text)
		}
	}
	kept := make([]Block, 0, len(blocks)+len(extra))
	for i, block := range blocks {
		if !drop[i] {
			kept = append(kept, block)
		}
	}
	return append(kept, extra...)
}

// spoilText spoils the translation of one block.
func spoilText(fault Fault, payload Payload, source, good string) string {
	hash := fnv.New64a()
	hash.Write([]byte(source))
	number := mix(hash.Sum64())
	switch fault {
	case CrossedTags:
		return cross(good)
	case DroppedTags:
		return inlineTag().ReplaceAllString(good, "")
	case Echo:
		return source
	case WrongLanguage:
		return foreign(payload, source, good)
	case EmptyText:
		return ""
	case Refusal:
		return refusal(number)
	case ReasoningInside:
		return notes(number) + good
	case Runaway:
		words := strings.Fields(inlineTag().ReplaceAllString(good, ""))
		return good + strings.Repeat(" "+strings.Join(words[max(0, len(words)-3):], " "), 200)
	case LostNumbers:
		return withoutDigits(good)
	}
	return good
}

// inlineTag finds the numbered tags that stand for markup.
func inlineTag() *regexp.Regexp { return regexp.MustCompile(`</?\d+/?>`) }

// pairs returns the numbers of the tags that open and close again.
func pairs(text string) []string {
	var numbers []string
	for _, tag := range inlineTag().FindAllString(text, -1) {
		number := strings.Trim(tag, "</>")
		if tag == "<"+number+">" && strings.Contains(text, "</"+number+">") {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// cross lets the first two pairs of tags overlap, or turns the only one
// around.
func cross(text string) string {
	numbers := pairs(text)
	first := numbers[0]
	if len(numbers) == 1 {
		return strings.NewReplacer("<"+first+">", "</"+first+">", "</"+first+">", "<"+first+">").Replace(text)
	}
	second := numbers[1]
	return strings.NewReplacer("</"+first+">", "</"+second+">", "</"+second+">", "</"+first+">").Replace(text)
}

// withoutDigits removes the digits that are not in tags.
func withoutDigits(text string) string {
	var out strings.Builder
	for text != "" {
		tag := inlineTag().FindStringIndex(text)
		if tag == nil {
			tag = []int{len(text), len(text)}
		}
		out.WriteString(strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return -1
			}
			return r
		}, text[:tag[0]]))
		out.WriteString(text[tag[0]:tag[1]])
		text = text[tag[1]:]
	}
	return out.String()
}

// notes returns what models put before a translation.
func notes(number uint64) string {
	kinds := []string{
		"Here is the translation: ",
		"<think>The speaker is tired, so a plain ending fits better here.</think>",
		"Sure! Here's the translated text:\n\n",
		"(Translator's note: I chose an informal register.) ",
		"번역: ",
	}
	return kinds[number%uint64(len(kinds))]
}

// foreign returns real sentences of about the length of the good translation
// in a language that was not asked for, with the tags and numbers of the
// source behind them, so that nothing but the language is wrong.
func foreign(payload Payload, source, good string) string {
	german := []string{
		"Der alte Mann saß am Fenster und sah lange auf die Straße hinaus.",
		"Niemand wusste, warum das Schiff an diesem Morgen nicht gekommen war.",
		"Sie legte das Buch auf den Tisch und ging ohne ein Wort hinaus.",
		"Im Garten hinter dem Haus blühten schon die ersten Rosen.",
		"Wir haben den ganzen Abend über nichts anderes gesprochen.",
	}
	russian := []string{
		"Старик сидел у окна и долго смотрел на улицу.",
		"Никто не знал, почему корабль не пришёл в то утро.",
		"Она положила книгу на стол и молча вышла из комнаты.",
		"В саду за домом уже цвели первые розы.",
		"Весь вечер мы не говорили ни о чём другом.",
	}
	sentences := german
	if strings.HasPrefix(payload.TargetLanguage, "de") || strings.HasPrefix(payload.SourceLanguage, "de") ||
		strings.ContainsFunc(good, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
		sentences = russian
	}
	if strings.HasPrefix(payload.TargetLanguage, "ru") {
		sentences = german
	}
	var parts []string
	for length := 0; length < max(1, utf8.RuneCountInString(good)); {
		parts = append(parts, sentences[len(parts)%len(sentences)])
		length += utf8.RuneCountInString(parts[len(parts)-1])
	}
	rest := regexp.MustCompile(inlineTag().String()+`|\d[\d.,]*\d|\d`).FindAllString(source, -1)
	return strings.Join(append(parts, rest...), " ")
}
