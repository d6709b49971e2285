package ops

import (
	"archive/zip"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// backUpPriority stands behind everybody else's handlers, where PocketBase's own would
// come next.
const backUpPriority = 999

// backUp makes backups in PocketBase's place. PocketBase's own way reads the files of
// the databases beside SQLite, and whoever closes a file lets go of all locks that his
// process has on it (fcntl(2)). The next program that opens the database, "verso users
// sync" say, takes itself for the only one, and at its end deletes the log into which
// the service goes on writing: what is written from then on is lost with the process.
//
// Nor does anybody have to wait until the archive is written, which takes as long as
// the documents are large: while nobody writes, SQLite makes copies of the databases,
// and everything else gets a second name. The archive is made of those. A stored file
// is never written to again, only replaced, so a second name keeps it as it was. What
// PocketBase notes beside it is written to, and copied.
func (p *plugin) backUp() *hook.Handler[*core.BackupEvent] {
	return &hook.Handler[*core.BackupEvent]{
		Id:       "versoBackUp",
		Priority: backUpPriority,
		Func: func(e *core.BackupEvent) error {
			if e.Name == "" {
				e.Name = "pb_backup_" + time.Now().UTC().Format("20060102150405") + ".zip"
			}
			// Of the data directory's file system, and emptied at the next start.
			temporary := filepath.Join(e.App.DataDir(), core.LocalTempDirName)
			if err := os.MkdirAll(temporary, 0o700); err != nil {
				return fmt.Errorf("make a folder for the backup: %w", err)
			}
			dir, err := os.MkdirTemp(temporary, "backup-*")
			if err != nil {
				return fmt.Errorf("make a folder for the backup: %w", err)
			}
			defer os.RemoveAll(dir)
			b := backup{app: e.App, dir: dir, exclude: e.Exclude}
			// Nobody writes meanwhile, so that records and files agree.
			err = e.App.RunInTransaction(func(tx core.App) error {
				p.freezing.Store(true)
				defer p.freezing.Store(false)
				return tx.AuxRunInTransaction(func(core.App) error { return b.freeze(e.Context) })
			})
			if err != nil {
				return fmt.Errorf("take a copy of the data: %w", err)
			}
			if err := b.write(e.Context); err != nil {
				return fmt.Errorf("write the backup: %w", err)
			}
			return b.store(e.Context, e.Name)
		},
	}
}

// backup is a backup that is being made.
type backup struct {
	app     core.App // outside of the transactions
	dir     string   // for temporary files
	exclude []string // entries of the data directory
}

func (b *backup) archive() string { return filepath.Join(b.dir, "backup.zip") }

// frozen is the folder in which the data stands as it was at one moment.
func (b *backup) frozen() string { return filepath.Join(b.dir, "data") }

// freeze copies the databases, and gives every other file a second name.
func (b *backup) freeze(ctx context.Context) error {
	if err := os.Mkdir(b.frozen(), 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	databases := map[string]dbx.Builder{"data.db": b.app.ConcurrentDB(), "auxiliary.db": b.app.AuxConcurrentDB()}
	for name, db := range databases {
		_, err := db.NewQuery("VACUUM INTO {:copy}").Bind(dbx.Params{"copy": filepath.Join(b.frozen(), name)}).WithContext(ctx).Execute()
		if err != nil {
			return fmt.Errorf("copy %s: %w", name, err)
		}
	}
	return fs.WalkDir(os.DirFS(b.app.DataDir()), ".", func(name string, entry fs.DirEntry, err error) error {
		base, _, _ := strings.Cut(name, "-") // data.db-wal, data.db-shm
		switch {
		case name == ".":
			return err
		case errors.Is(err, fs.ErrNotExist):
			return nil // deleted meanwhile
		case err != nil:
			return err
		case slices.Contains(b.exclude, name) && entry.IsDir():
			return fs.SkipDir
		case slices.Contains(b.exclude, name), databases[base] != nil:
			return ctx.Err()
		case entry.IsDir():
			return os.Mkdir(filepath.Join(b.frozen(), name), 0o700)
		case !entry.Type().IsRegular():
			return nil
		}
		return keep(filepath.Join(b.app.DataDir(), name), filepath.Join(b.frozen(), name))
	})
}

// attributesSuffix is that of the files in which PocketBase notes a stored file's type.
const attributesSuffix = ".attrs"

// keep gives a file a second name. What is written to in its place is copied, and
// everything where the file system has no such thing: who writes waits for that.
func keep(file, second string) error {
	if !strings.HasSuffix(file, attributesSuffix) {
		if err := os.Link(file, second); err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil // or deleted meanwhile
		}
	}
	from, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(second, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// write writes the archive.
func (b *backup) write(ctx context.Context) (err error) {
	file, err := os.OpenFile(b.archive(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	archive := zip.NewWriter(file)
	archive.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.BestSpeed)
	})
	frozen := os.DirFS(b.frozen())
	err = fs.WalkDir(frozen, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		return addFile(archive, frozen, name)
	})
	return errors.Join(err, archive.Close())
}

func addFile(archive *zip.Writer, from fs.FS, name string) error {
	file, err := from.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	header, err := zip.FileInfoHeader(info)
	if err != nil {
		return err
	}
	header.Name, header.Method = name, zip.Deflate
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, file)
	return err
}

// store puts the archive where PocketBase keeps backups.
func (b *backup) store(ctx context.Context, name string) error {
	backups, err := b.app.NewBackupsFilesystem()
	if err != nil {
		return fmt.Errorf("open the storage of backups: %w", err)
	}
	defer backups.Close()
	backups.SetContext(ctx)
	file, err := filesystem.NewFileFromPath(b.archive())
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	file.OriginalName, file.Name = name, name
	if err := backups.UploadFile(file, name); err != nil {
		return fmt.Errorf("store the backup: %w", err)
	}
	return nil
}
