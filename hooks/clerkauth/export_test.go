package clerkauth

// SetMaxUnclaimed changes how many streams may be nobody's.
func (s *Sessions) SetMaxUnclaimed(most int) { s.unclaimed.most = most }
