// Command tlog-verifier checks an exported ledger with Google's code and none of ours. It is built from Debian packages only
// (golang-go, golang-golang-x-mod-dev) with GO111MODULE=off.
//
//	tlog-verifier <dir> <log vkey> [-witness <vkey>] [-proofs <file>]
//
// It prints one line, `PASS …` (exit 0) or `FAIL …` (exit 1). What it checks: the log's signature, the witness's cosignature,
// every entry against tiles authenticated from the signed root down, the root recomputed from the entries alone, and
// inclusion and consistency proofs made by the gateway.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const tileWidth = 1 << tileHeight

type arguments struct {
	dir, vkey, witness, proofs string
}

func main() {
	args, err := parseArguments(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "usage: tlog-verifier <dir> <log vkey> [-witness <vkey>] [-proofs <file>]")
		os.Exit(2)
	}
	summary, err := run(args)
	if err != nil {
		fmt.Println("FAIL", strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
	fmt.Println("PASS", summary)
}

func parseArguments(list []string) (arguments, error) {
	if len(list) < 2 || len(list)%2 != 0 {
		return arguments{}, fmt.Errorf("wrong number of arguments")
	}
	args := arguments{dir: list[0], vkey: list[1]}
	for i := 2; i < len(list); i += 2 {
		switch list[i] {
		case "-witness":
			args.witness = list[i+1]
		case "-proofs":
			args.proofs = list[i+1]
		default:
			return args, fmt.Errorf("unknown option %s", list[i])
		}
	}
	return args, nil
}

func run(args arguments) (string, error) {
	tree, signatures, err := openCheckpoint(args)
	if err != nil {
		return "", err
	}
	hashes, err := checkEntries(args.dir, tree)
	if err != nil {
		return "", err
	}
	if err := checkTiles(args.dir, tree, hashes); err != nil {
		return "", err
	}
	summary := fmt.Sprintf("%d entries, %d signatures", tree.N, signatures)
	if args.proofs == "" {
		return summary, nil
	}
	inclusions, consistencies, err := checkProofs(args.proofs, tree, hashes)
	return fmt.Sprintf("%s, %d inclusion proofs, %d consistency proofs", summary, inclusions, consistencies), err
}

// openCheckpoint verifies the note and parses its three lines; tlog.ParseTree accepts only the Go checksum database's own.
func openCheckpoint(args arguments) (tlog.Tree, int, error) {
	none := tlog.Tree{}
	verifier, err := note.NewVerifier(args.vkey)
	if err != nil {
		return none, 0, err
	}
	message, err := os.ReadFile(filepath.Join(args.dir, "checkpoint"))
	if err != nil {
		return none, 0, fmt.Errorf("checkpoint: %v", err)
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return none, 0, fmt.Errorf("checkpoint: %v", err)
	}
	for _, signature := range append(append([]note.Signature{}, opened.Sigs...), opened.UnverifiedSigs...) {
		if !isCanonical(signature.Base64) {
			return none, 0, fmt.Errorf("checkpoint: signature line of %s is not canonical base64", signature.Name)
		}
	}
	signatures := 1
	if args.witness != "" {
		if err := checkWitness(opened, args.witness); err != nil {
			return none, 0, err
		}
		signatures++
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() || !isCanonical(lines[2]) {
		return none, 0, fmt.Errorf("checkpoint: malformed text")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return none, 0, fmt.Errorf("checkpoint: malformed size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return none, 0, fmt.Errorf("checkpoint: %v", err)
	}
	return tlog.Tree{N: size, Hash: root}, signatures, nil
}

// isCanonical refuses base64 with stray trailing bits, which Go's decoder accepts: the line could change and still verify.
func isCanonical(text string) bool {
	raw, err := base64.StdEncoding.DecodeString(text)
	return err == nil && base64.StdEncoding.EncodeToString(raw) == text
}

// bundlePath and tilePath follow C2SP tlog-tiles; x/mod's own paths have the tile height in front of the level.
func bundlePath(dir string, n int64, width int) string {
	t := tlog.Tile{H: tileHeight, L: 0, N: n, W: width}
	return filepath.Join(dir, "tile", "entries", strings.TrimPrefix(t.Path(), "tile/8/0/"))
}

func tilePath(dir string, t tlog.Tile) string {
	return filepath.Join(dir, "tile", strings.TrimPrefix(t.Path(), "tile/8/"))
}

func bundleWidth(size, n int64) int {
	if rest := size - n*tileWidth; rest < tileWidth {
		return int(rest)
	}
	return tileWidth
}

func parseBundle(data []byte, width int) ([][]byte, error) {
	entries := make([][]byte, 0, width)
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, fmt.Errorf("cut short")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		if len(data) < end {
			return nil, fmt.Errorf("cut short")
		}
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%d entries instead of %d", len(entries), width)
	}
	return entries, nil
}

// storedHashes is every hash of the tree, in x/mod's order, computed from entries and nothing else.
type storedHashes []tlog.Hash

func (s storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d is not there yet", x)
		}
		list[i] = s[x]
	}
	return list, nil
}

func (s storedHashes) leaf(i int64) tlog.Hash {
	return s[tlog.StoredHashIndex(0, i)]
}

// checkEntries recomputes the tree from the entry bundles. A root that differs is reported by checkTiles when a tile names the
// entry at fault, and here only by returning the hashes.
func checkEntries(dir string, tree tlog.Tree) (storedHashes, error) {
	hashes := make(storedHashes, 0, 2*tree.N)
	for n := int64(0); n*tileWidth < tree.N; n++ {
		width := bundleWidth(tree.N, n)
		data, err := os.ReadFile(bundlePath(dir, n, width))
		if err != nil {
			return nil, fmt.Errorf("entries %d: %v", n*tileWidth, err)
		}
		entries, err := parseBundle(data, width)
		if err != nil {
			return nil, fmt.Errorf("entries %d: %v", n*tileWidth, err)
		}
		for i, entry := range entries {
			more, err := tlog.StoredHashes(n*tileWidth+int64(i), entry, hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, more...)
		}
	}
	return hashes, nil
}

// checkTiles holds every entry to tiles that x/mod authenticated from the signed root, then the recomputed root to the signed one.
func checkTiles(dir string, tree tlog.Tree, hashes storedHashes) error {
	if tree.N == 0 {
		root, err := tlog.TreeHash(0, hashes)
		if err == nil && root != tree.Hash {
			err = fmt.Errorf("the empty tree has another root")
		}
		return err
	}
	reader := tlog.TileHashReader(tree, &dirTiles{dir: dir, cache: map[tlog.Tile][]byte{}})
	for from := int64(0); from < tree.N; from += tileWidth {
		indexes := make([]int64, bundleWidth(tree.N, from/tileWidth))
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, from+int64(i))
		}
		stored, err := reader.ReadHashes(indexes)
		if err != nil {
			return fmt.Errorf("entries %d: %v", from, err)
		}
		for i, hash := range stored {
			if hash != hashes.leaf(from+int64(i)) {
				return fmt.Errorf("entry %d does not match tree", from+int64(i))
			}
		}
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err == nil && root != tree.Hash {
		err = fmt.Errorf("the entries do not give the signed root")
	}
	return err
}

// dirTiles reads tiles from files. It keeps the tiles above the lowest level and the last tile, which every call asks for again.
type dirTiles struct {
	dir   string
	cache map[tlog.Tile][]byte
}

func (d *dirTiles) Height() int { return tileHeight }

func (d *dirTiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	list := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, ok := d.cache[t]
		if !ok {
			var err error
			if data, err = os.ReadFile(tilePath(d.dir, t)); err != nil {
				return nil, err
			}
		}
		if len(data) != t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", t.Path(), len(data))
		}
		list[i] = data
	}
	return list, nil
}

func (d *dirTiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, t := range tiles {
		if t.L > 0 || t.W < tileWidth {
			d.cache[t] = data[i]
		}
	}
}

type proofFile struct {
	Inclusion []struct {
		Index int64
		Size  int64
		Proof []tlog.Hash
	}
	Consistency []struct {
		Old   int64
		New   int64
		Proof []tlog.Hash
	}
}

// checkProofs runs the gateway's proofs against roots that were recomputed from the entries.
func checkProofs(file string, tree tlog.Tree, hashes storedHashes) (int, int, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, 0, err
	}
	var proofs proofFile
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&proofs); err != nil {
		return 0, 0, fmt.Errorf("proofs: %v", err)
	}
	rootAt := func(size int64) (tlog.Hash, error) {
		if size < 0 || size > tree.N {
			return tlog.Hash{}, fmt.Errorf("proof for size %d in a tree of %d", size, tree.N)
		}
		if size == tree.N {
			return tree.Hash, nil
		}
		return tlog.TreeHash(size, hashes)
	}
	for _, p := range proofs.Inclusion {
		root, err := rootAt(p.Size)
		if err == nil && (p.Index < 0 || p.Index >= p.Size) {
			err = fmt.Errorf("index outside of the tree")
		}
		if err == nil {
			err = tlog.CheckRecord(p.Proof, p.Size, root, p.Index, hashes.leaf(p.Index))
		}
		if err != nil {
			return 0, 0, fmt.Errorf("inclusion of %d in %d: %v", p.Index, p.Size, err)
		}
	}
	for _, p := range proofs.Consistency {
		oldRoot, err := rootAt(p.Old)
		if err != nil {
			return 0, 0, err
		}
		newRoot, err := rootAt(p.New)
		if err == nil {
			err = tlog.CheckTree(p.Proof, p.New, newRoot, p.Old, oldRoot)
		}
		if err != nil {
			return 0, 0, fmt.Errorf("consistency of %d with %d: %v", p.New, p.Old, err)
		}
	}
	return len(proofs.Inclusion), len(proofs.Consistency), nil
}
