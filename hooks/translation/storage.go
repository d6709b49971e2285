package translation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/filesystem/blob"

	"verso/hooks/records"
)

// storage keeps documents in PocketBase's file storage, which is a folder of
// the data directory or an S3 bucket. A job's files stand under its record's
// own prefix, with fixed names: what a user calls his file never becomes a path.
type storage struct {
	app core.App

	mu       sync.Mutex
	incoming map[string]bool // ids of jobs that are being uploaded
}

func newStorage(app core.App) *storage {
	return &storage{app: app, incoming: map[string]bool{}}
}

// expect keeps the sweep away from the files of a job that is not written yet.
// The caller calls done when it is, or will never be.
func (s *storage) expect(jobID string) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.incoming[jobID] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.incoming, jobID)
	}
}

func (s *storage) expects(jobID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.incoming[jobID]
}

// prefix returns the storage prefix of a job's files, with a slash at the end.
func (s *storage) prefix(jobID string) (string, error) {
	jobs, err := s.app.FindCachedCollectionByNameOrId(records.CollectionJobs)
	if err != nil {
		return "", fmt.Errorf("find jobs collection: %w", err)
	}
	return jobs.BaseFilesPath() + "/" + jobID + "/", nil
}

// open returns PocketBase's storage for one operation.
func (s *storage) open(ctx context.Context) (*filesystem.System, error) {
	fsys, err := s.app.NewFilesystem()
	if err != nil {
		return nil, fmt.Errorf("open file storage: %w", err)
	}
	fsys.SetContext(ctx)
	return fsys, nil
}

// write stores everything that content yields under a key, in one copy.
func (s *storage) write(ctx context.Context, key, originalName string, content io.Reader) error {
	fsys, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer fsys.Close()
	file := &filesystem.File{OriginalName: originalName, Reader: &onceReader{content: content}}
	if err := fsys.UploadFile(file, key); err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	return nil
}

// openForReading returns a stored file. The caller calls done.
func (s *storage) openForReading(ctx context.Context, key string) (content *blob.Reader, done func(), err error) {
	fsys, err := s.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	reader, err := fsys.GetReader(key)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open stored file: %w", err), fsys.Close())
	}
	return reader, func() {
		reader.Close() // read only: there is nothing to lose
		fsys.Close()
	}, nil
}

// readAll reads a stored file as a whole, as a string so that what is made of it
// can share its memory.
func readAll(file *blob.Reader) (string, error) {
	var data strings.Builder
	data.Grow(int(file.Size()))
	if n, err := io.Copy(&data, file); err != nil || n != file.Size() {
		return "", fmt.Errorf("read stored file, %d of %d bytes: %w", n, file.Size(), cmp.Or(err, io.ErrUnexpectedEOF))
	}
	return data.String(), nil
}

// remove deletes a job's files.
func (s *storage) remove(ctx context.Context, jobID string) error {
	prefix, err := s.prefix(jobID)
	if err != nil {
		return err
	}
	fsys, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer fsys.Close()
	var failed []error
	for _, err := range fsys.DeletePrefix(prefix) {
		if !errors.Is(err, filesystem.ErrNotFound) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// sweep deletes what a crash left: files of jobs that do not exist, and within
// a job's folder everything that is not its document or its output, such as
// half of one. Files younger than before are left alone, for they may belong
// to work that is under way. names returns what a job's files are called, or
// nothing for a job that does not exist.
func (s *storage) sweep(ctx context.Context, before time.Time, names func(ctx context.Context, jobID string) ([]string, error)) (removed int, err error) {
	root, err := s.prefix("")
	if err != nil {
		return 0, err
	}
	root = strings.TrimSuffix(root, "/")
	fsys, err := s.open(ctx)
	if err != nil {
		return 0, err
	}
	defer fsys.Close()
	objects, err := fsys.List(root)
	if err != nil {
		return 0, fmt.Errorf("list stored files: %w", err)
	}

	known := map[string][]string{}
	for _, object := range objects {
		jobID, name, ok := strings.Cut(strings.TrimPrefix(object.Key, root), "/")
		// Asked before the job is looked for: an upload that has ended since
		// has its row.
		if !ok || object.ModTime.After(before) || s.expects(jobID) {
			continue
		}
		keep, asked := known[jobID]
		if !asked {
			if keep, err = names(ctx, jobID); err != nil {
				return removed, err
			}
			known[jobID] = keep
		}
		if slices.Contains(keep, name) {
			continue
		}
		if err := fsys.Delete(object.Key); err != nil && !errors.Is(err, filesystem.ErrNotFound) {
			return removed, fmt.Errorf("remove a file without a job: %w", err)
		}
		removed++
		if len(keep) == 0 {
			// An empty folder is no file, and only local storage has it.
			_ = fsys.Delete(root + jobID)
		}
	}
	alone, err := s.sweepAttributes(root, before)
	return removed + alone, err
}

// temporary returns a file for a document that is being built, in the folder
// that PocketBase empties at start and leaves out of backups. The file has no
// name any more, so nothing is left behind, whatever happens.
func (s *storage) temporary() (*os.File, error) {
	dir := filepath.Join(s.app.DataDir(), core.LocalTempDirName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create folder for temporary files: %w", err)
	}
	file, err := os.CreateTemp(dir, "document-*")
	if err != nil {
		return nil, fmt.Errorf("create temporary file: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("unlink temporary file: %w", err), file.Close())
	}
	return file, nil
}

// onceReader lets PocketBase store a stream that can be read once only. To
// guess the media type it reads some bytes and then seeks back to the start;
// those bytes are kept until it does.
type onceReader struct {
	content io.Reader
	head    []byte
	rewound bool
}

var _ filesystem.FileReader = (*onceReader)(nil)

// Open returns the reader itself.
func (r *onceReader) Open() (io.ReadSeekCloser, error) { return r, nil }

// Read reads on, or again from the start after a seek.
func (r *onceReader) Read(p []byte) (int, error) {
	if r.rewound && len(r.head) > 0 {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	n, err := r.content.Read(p)
	if !r.rewound {
		r.head = append(r.head, p[:n]...)
	}
	return n, err
}

// Seek goes back to the start, once.
func (r *onceReader) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekStart || r.rewound {
		return 0, errors.New("a stream can be rewound once, to its start")
	}
	r.rewound = true
	return 0, nil
}

// Close does nothing: the stream belongs to who opened it.
func (r *onceReader) Close() error { return nil }
