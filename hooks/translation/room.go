package translation

import (
	"context"
	"fmt"
	"io"

	"github.com/pocketbase/pocketbase/tools/filesystem/blob"
	"golang.org/x/sync/semaphore"

	"verso/hooks/translation/document"
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

// read reads a stored document when there is room for it. How much it needs may be known
// only when it has been read; then what was read is let go of while more is waited for,
// and read once more.
func (r *room) read(ctx context.Context, file *blob.Reader, format document.Format) (string, error) {
	if err := r.take(ctx, file.Size()); err != nil {
		return "", err
	}
	data, err := readAll(file)
	packed, ok := format.(document.Packed)
	if err != nil || !ok {
		return data, err
	}
	size := packed.UnpackedSize(data)
	if roomFor(size) <= r.taken {
		return data, nil
	}
	if err := r.take(ctx, size); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("read stored file once more: %w", err)
	}
	return readAll(file)
}

// roomFor returns what a document of so many bytes takes.
func roomFor(size int64) int64 { return min(max(size, leastHeld), maxHeld) }

// take waits for room for a document of so many bytes, in the place of what was
// taken before: who waits for more holds nothing, or two could wait for each other.
func (r *room) take(ctx context.Context, size int64) error {
	r.leave()
	size = roomFor(size)
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
