import Foundation
import Testing

@testable import BPReport

@Suite("What next: proposes does what was meant when it is pasted; other advice is a hint")
struct NextTests {
    /// Two models, a fork, a tag, a note, an alias and an archive, in which each case is provoked.
    private static func sample() throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.writeNumbers()
        try bench.write(
            "odd.csv",
            "\"a\nb\",x,y\n" + (0..<40).map { "\($0)\($0 % 4 == 0 ? "x" : ""),\($0 % 5),\($0 % 3)\n" }.joined())
        try bench.write("only.csv", "a,y\n" + (0..<40).map { "\($0 % 4 == 0 ? "" : "\($0)"),\($0 % 3)\n" }.joined())
        for words in [
            ["train", "points.csv", "--target", "side", "--epochs", "3"],
            ["train", "--from", "1", "--epochs", "5"], ["train", "line.csv", "--target", "y", "--epochs", "2"],
            ["tag", "1", "stage=test"], ["note", "1", "a note"], ["alias", "points:1", "good"],
            ["archive", "1", "-o", "one.bpreg"], ["export", "points", "-o", "points.npz"],
        ] {
            let result = try bench.run(words)
            #expect(result.status == 0, "\(words): \(result.errors)")
        }
        return bench
    }

    private static let train = "bpreg train points.csv --target side --epochs 2"

    /// A command that fails, and the command to type next.
    static let commands: [(typed: String, next: String)] = [
        ("\(train) --lr 3", "\(train) --learning-rate 3"), ("\(train) --lr=0.5", "\(train) --learning-rate=0.5"),
        ("\(train) --l2 0.1", "\(train) --weight-decay 0.1"), ("\(train) --bs 8", "\(train) --batch-size 8"),
        ("\(train) --name m --bs 8 --random-state 4", "\(train) --model m --batch-size 8 --seed 4"),
        ("bpreg train points.csv --label side --epochs 2", train),
        ("\(train) --activation logistic", "\(train) --activation sigmoid"),
        ("\(train) --loss mse --output-activation linear", "\(train) --loss mse --output-activation identity"),
        ("\(train) --optimizer gd", "\(train) --optimizer sgd"),
        ("\(train) --optimizer admw", "\(train) --optimizer adamw"),
        ("\(train) --initializer xavier", "\(train) --initializer glorot-uniform"),
        ("\(train) --seed -1", "\(train) --seed 0"), ("\(train) --batch-size 0", "\(train) --batch-size all"),
        ("\(train) --momentum 0.9", train), ("\(train) --learning-rate -1", train),
        ("\(train) --hidden 3,0", "\(train) --hidden 32,16"),
        ("\(train) --schedule cosine", "\(train) --schedule cosine --schedule-epochs 100"),
        ("\(train) --threads 0", "\(train) --threads 1"),
        ("\(train) --data line.csv", train),
        ("\(train) --validation 0.6 --test 0.5", "\(train) --validation 0.15 --test 0.15"),
        ("bpreg train pionts.csv --target side --epochs 2", train),
        ("bpreg train points.csv --target sdie --epochs 2", train),
        ("bpreg train points.csv", "bpreg train points.csv --target side"),
        ("bpreg train missing.csv --target y", "ls -l ."),
        (
            "bpreg train --resume 1 --epochs 4 --learning-rate 0.7",
            "bpreg train --resume 1 --epochs 4   # a fork takes them: --from 1 instead of --resume"
        ),
        ("bpreg train --resume 1@epoch:2 --epochs 4", "bpreg train --resume 1 --epochs 4"),
        ("bpreg train --resume 1 --epochs 4 --model other", "bpreg train --resume 1 --epochs 4"),
        (
            "bpreg train --resume points.csv --target side --epochs 2",
            "bpreg train points.csv --target side --epochs 2   # a new run"
        ),
        ("bpreg train odd.csv --target y --epochs 2", "bpreg train odd.csv --target y --epochs 2 --type $'a\\nb=text'"),
        ("bpreg train line.csv --target x --epochs 2", "bpreg train line.csv --target x --epochs 2 --model line-x"),
        ("bpreg plot 1 -o p.png", "bpreg plot 1 -o p.svg   # SVG is all that plot writes"),
        ("bpreg plot 1 --metric los", "bpreg plot 1 --metric loss"),
        ("bpreg tag 1 stage:prod", "bpreg tag 1 stage=prod"), ("bpreg tag 1 draft", "bpreg tag 1 draft=yes"),
        ("bpreg backup bpreg.sqlite", "bpreg backup bpreg-copy.sqlite"),
        ("bpreg runs --sort 'val_loss desc'", "bpreg runs --sort -val_loss"),
        ("bpreg runs --where 'lr < 0.1'", "bpreg runs --where 'learning_rate < 0.1'"),
        ("bpreg runs --where 'optimizer = adam'", "bpreg runs --where 'optimizer = \"adam\"'"),
        ("bpreg runs --filter 'loss < 1'", "bpreg runs --where 'loss < 1'"),
        ("bpreg runs --wher 'loss < 1'", "bpreg runs --where 'loss < 1'"),
        ("bpreg versions --order-by name", "bpreg versions --sort name"),
        ("bpreg evaluate 1 --split val", "bpreg evaluate 1 --split validation"),
        ("bpreg evaluate 1 points.csv --split test", "bpreg evaluate 1 points.csv"),
        ("bpreg evaluate 1 --unknown zero", "bpreg evaluate 1"),
        ("bpreg predict pionts points.csv", "bpreg predict points points.csv"),
        ("bpreg rollback 1@epoch:1 --undo", "bpreg rollback 1 --undo"),
        ("bpreg rollback points", "bpreg versions points   # lists them; name one, such as points:1"),
        ("bpreg version points:1", "bpreg rollback points:1   # makes it current; --model copies it to another"),
        ("bpreg pin 1 --name best", "bpreg pin 1@last --name best"),
        ("bpreg tag 1@last a=b", "bpreg tag 1 a=b"), ("bpreg note 1 --remove 9", "bpreg note 1   # lists them"),
        ("bpreg delete 1", "bpreg delete 1 --cascade   # deletes these too"),
        ("bpreg show 9", "bpreg runs"), ("bpreg vesions points", "bpreg versions points"),
        ("bpreg audit 1 --seed 3", "bpreg audit 1 --seed 3 --sample 10"),
        ("bpreg history --jsn 1", "bpreg history --json 1"),
        ("bpreg restore one.bpreg --registry other.sqlite --lr 3", "bpreg restore --help"),
        ("bpreg export points -o points.npz", "bpreg export points -o points.npz --force"),
        ("bpreg train points.csv --nonsense", "bpreg train --help"),
        ("\(train) --optim SGD --lr 0.5", "\(train) --optimizer sgd --learning-rate 0.5"),
        ("\(train) --foo 3", "bpreg train --help"), ("bpreg rollback 1 --redo", "bpreg rollback --help"),
        ("bpreg train points.csv side --epochs 2", "bpreg train points.csv --epochs 2 --target side"),
        ("bpreg rollback 1 --epoch 2", "bpreg rollback 1@epoch:2"), ("bpreg rollback 1 2", "bpreg rollback 1@epoch:2"),
        ("bpreg export points", "bpreg export points -o points.onnx"),
        ("bpreg export points other.npz", "bpreg export points -o other.npz"),
        ("bpreg archive points:1", "bpreg archive points:1 -o points-1.safetensors"),
        ("bpreg verify one.bpreg", "bpreg inspect one.bpreg"),
        ("bpreg verify bpreg.sqlite", "bpreg verify --registry bpreg.sqlite"),
        ("bpreg runs --model points", "bpreg runs --where 'model = \"points\"'"),
        ("bpreg runs --where 'accuracy > 0.9'", "bpreg runs --where 'val_accuracy > 0.9'"),
        ("bpreg list", "bpreg runs"), ("bpreg undo 1", "bpreg rollback --undo 1"), ("bpreg fit", "bpreg train --help"),
    ]

    /// A command that fails, and words of the advice.
    static let hints: [(typed: String, hint: String)] = [
        ("\(train) --note hi", "bpreg note"), ("\(train) --patience 5", "there is no patience"),
        ("\(train) --lr fast", "did you mean --learning-rate?"), ("\(train) --optimizer lbfgs", "names above"),
        ("\(train) --optimizer nesterov", "supported"), ("bpreg train sub/points.csv --target side", "the folder sub/"),
        ("bpreg train only.csv --target y", "none to learn from"), ("bpreg rollback 1", "1@epoch:1"),
        ("bpreg runs --where 'loss <'", "an example: --where"), ("bpreg runs --sort ','", "an example: --sort"),
        ("bpreg show 7@x", "references are"), ("bpreg note 1 ' '", "in quotes"), ("bpreg compare 1", "another run"),
        ("bpreg runs --registry missing.sqlite", "--registry or BPREG_REGISTRY"),
    ]

    @Test("a command that is proposed works, and the error does not return")
    func pasted() throws {
        let sample = try NextTests.sample()
        for (typed, next) in NextTests.commands {
            let bench = try sample.copied()
            let result = try bench.shell(typed)
            let advice = PastedAdvice(result)
            #expect(result.status != 0, "\(typed)")
            #expect(advice.next == next, "\(typed)\n\(result.errors)")
            #expect(PastedAdvice.isWhole(next))
            // A deletion is confirmed once more, there is no rollback to undo, and another name is wrong too.
            let statuses: Set<Int32> =
                typed.contains("delete") || typed.contains("--loss mse") ? [64] : typed.contains("undo") ? [1] : [0]
            try advice.paste(in: bench, typed, expecting: statuses)
        }
    }

    @Test("where no command does what was meant there is a hint and no command")
    func hinted() throws {
        let sample = try NextTests.sample()
        for (typed, words) in NextTests.hints {
            let result = try sample.copied().shell(typed)
            let advice = PastedAdvice(result)
            #expect(result.status != 0 && advice.next == nil, "\(typed)\n\(result.errors)")
            #expect(advice.hint?.contains(words) == true, "\(typed)\n\(result.errors)")
        }
    }
}
