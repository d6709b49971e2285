package docx

import (
	"slices"

	"verso/hooks/translation/document/syntax"
)

// leaveContainer ends a part of what surrounds runs.
func (p *parser) leaveContainer(e element, t syntax.Token, open *openParagraph) {
	switch e.kind {
	case containerKind:
		open.add(atom{kind: closeAtom, run: -1, extent: extentOf(t.Start, t.End)})
	case headKind:
		if last := len(open.atoms) - 1; last >= 0 && open.atoms[last].kind == openAtom && open.atoms[last].end <= e.start {
			open.atoms[last].end = int32(t.End)
		} else {
			open.add(p.opaque(e, extentOf(e.start, t.End), open))
		}
	case contentKind:
		p.stack[len(p.stack)-1].close = int32(t.Start)
	case controlKind:
		a := atom{kind: closeAtom, run: -1, extent: extentOf(e.close, t.End)}
		if e.close == 0 {
			a.kind, a.start = aloneAtom, e.start
		}
		open.add(a)
	case baseKind:
		// Ruby text is the only content of its run, which begins before it.
		p.stack[len(p.stack)-1].close = int32(t.Start)
		open.run = p.runAround()
	case rubyKind:
		run := &p.stack[len(p.stack)-1]
		run.close, run.tail = e.close, int32(t.End)
	}
}

// runAround returns the run that is open around ruby text.
func (p *parser) runAround() int32 {
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.stack[i].kind == runKind {
			at := p.stack[i].start
			for n := len(p.part.runs) - 1; n >= 0; n-- {
				if p.part.runs[n].prefix.start == at {
					return int32(n)
				}
			}
		}
	}
	return -1
}

// leaveRuby ends a run with ruby text, which surrounds that. Words behind it in the
// run are in a run of their own, where the translation of what is around them is
// written.
func (p *parser) leaveRuby(e element, t syntax.Token, open *openParagraph) {
	begin := len(open.atoms)
	for begin > 0 && open.atoms[begin-1].start >= e.close {
		begin--
	}
	behind := slices.Clone(open.atoms[begin:])
	open.atoms = open.atoms[:begin]
	isWords := func(a atom) bool {
		return a.kind == textAtom && hasLetter(p.part.source[a.content.start:a.content.end])
	}
	if e.tail == 0 || !slices.ContainsFunc(behind, isWords) {
		open.add(atom{kind: closeAtom, run: -1, extent: extentOf(e.close, t.End)}) // it stands in the end
		return
	}
	open.add(atom{kind: closeAtom, run: -1, extent: extentOf(e.close, e.tail)})
	open.add(atom{kind: aloneAtom, silent: true, run: -1, extent: extentOf(t.Start, t.End)})
	open.atoms = append(open.atoms, behind...)
}
