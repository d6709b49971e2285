package verify

import "strings"

// set is a set of hashes that is used again and again. Zero is not held.
type set struct {
	slots []uint64
	mask  uint64
	store []uint64
}

// reset empties the set and makes room for n members.
func (s *set) reset(n int) {
	size := 16
	for size < 2*n {
		size *= 2
	}
	if len(s.store) < size {
		s.store = make([]uint64, size)
	}
	s.slots = s.store[:size]
	s.mask = uint64(size - 1)
	clear(s.slots)
}

// place returns where a member stands or would stand.
func (s *set) place(member uint64) uint64 {
	at := (member * 0x9e3779b97f4a7c15) >> 20 & s.mask
	for s.slots[at] != 0 && s.slots[at] != member {
		at = (at + 1) & s.mask
	}
	return at
}

func (s *set) add(member uint64) {
	if member != 0 {
		s.slots[s.place(member)] = member
	}
}

func (s *set) has(member uint64) bool {
	return member != 0 && len(s.slots) > 0 && s.slots[s.place(member)] == member
}

// contains reports whether a list " a b c " holds a word.
func contains(list, word string) bool {
	at := strings.Index(list, word)
	return at > 0 && list[at-1] == ' ' && at+len(word) < len(list) && list[at+len(word)] == ' '
}
