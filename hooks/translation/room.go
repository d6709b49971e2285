package translation

import (
	"context"
	"fmt"

	"golang.org/x/sync/semaphore"
)

// Documents are held in memory as a whole while they are checked, planned and
// built, and each takes several times its size. So many bytes of them are held at
// a time, of which a small one counts as leastHeld: one as large as an upload may
// be by default, or several small ones.
const (
	maxHeld   = 64 << 20
	leastHeld = 16 << 20
	// mostDocuments is how many small ones there are room for.
	mostDocuments = maxHeld / leastHeld
)

// room is one document's share of the memory for documents.
type room struct {
	held  *semaphore.Weighted // of maxHeld bytes
	taken int64
}

// take waits for room for a document of so many bytes, in the place of what was
// taken before: who waits for more holds nothing, or two could wait for each other.
func (r *room) take(ctx context.Context, size int64) error {
	r.leave()
	size = min(max(size, leastHeld), maxHeld)
	if err := r.held.Acquire(ctx, size); err != nil {
		return fmt.Errorf("wait for room to read the document: %w", err)
	}
	r.taken = size
	return nil
}

// leave gives back what was taken.
func (r *room) leave() {
	r.held.Release(r.taken)
	r.taken = 0
}
