package tongue

// Detect returns the language that a document is written in as a BCP 47 tag,
// or "" where it cannot be told for certain: too little text, two languages by
// halves, or a language that is not known. A script is named only where the
// language has several: "zh-Hant", "sr-Latn".
//
// texts yields pieces of the document in reading order. A bounded part of them
// is looked at, spread over the whole. Numbered inline tags, addresses, code
// and numbers count for nothing.
func Detect(texts []string) string {
	pieces := sample(texts)
	table := scripts()
	found := newFindings(len(pieces), len(table))
	for i, piece := range pieces {
		reader := wordReader{scripts: table, yield: func(word []rune, script int) { found.add(i, word, script) }}
		reader.read(piece)
	}
	main, share := found.mainScript(table)
	switch {
	case share < leastShare:
		return ""
	case main == han || main == kana:
		return found.eastAsian()
	case main == bengali:
		return found.bengali()
	case table[main].sole != "":
		return found.alone(table, main)
	}
	return found.census[main].decide(table[main].code)
}
