package clerksync

import "context"

// Prune forgets old deliveries and endings, as is done daily.
func (s *Sync) Prune(ctx context.Context) error { return s.prune(ctx) }

// TellEndings tells of what has ended, as is done every two seconds.
func (s *Sync) TellEndings(ctx context.Context) error { return s.tellEndings(ctx) }
