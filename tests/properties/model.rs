//! Random schemas as a model that cannot be wrong: parts refer to each other by number, and what does not fit is left
//! out when the model becomes records. No SQL text here.

/// Choices, read one by one; when they are used up the simplest choice is taken, so that shrinking makes schemas small.
pub(crate) struct Tape<'a> {
    choices: &'a [u16],
    at: usize,
}

impl<'a> Tape<'a> {
    pub(crate) fn new(choices: &'a [u16]) -> Self {
        Self { choices, at: 0 }
    }

    /// One of `0..n`.
    pub(crate) fn pick(&mut self, n: usize) -> usize {
        let choice = self.choices.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(choice) % n.max(1)
    }

    /// Once in `n` times.
    pub(crate) fn rarely(&mut self, n: usize) -> bool {
        self.pick(n) == n - 1
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) tables: Vec<Table>,
    pub(crate) enums: Vec<Enum>,
    next: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) id: usize,
    pub(crate) name: usize,
    pub(crate) schema: usize,
    pub(crate) labels: Vec<usize>,
    pub(crate) comment: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) id: usize,
    pub(crate) name: usize,
    pub(crate) schema: usize,
    pub(crate) unlogged: bool,
    pub(crate) comment: usize,
    pub(crate) columns: Vec<Column>,
    pub(crate) keys: Vec<Key>,
    pub(crate) checks: Vec<Check>,
    pub(crate) references: Vec<Reference>,
    pub(crate) indexes: Vec<Index>,
}

#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) id: usize,
    pub(crate) name: usize,
    pub(crate) base: Base,
    pub(crate) array: bool,
    pub(crate) nullable: bool,
    /// 0 for none.
    pub(crate) default: usize,
    /// 0 for none, 1 always, 2 by default.
    pub(crate) identity: usize,
    /// The column it is computed from.
    pub(crate) generated: Option<(usize, usize)>,
    pub(crate) collation: usize,
    pub(crate) comment: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    Type(usize),
    Enum(usize),
}

/// A primary key, a unique or exclusion constraint, a unique index.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: usize,
    pub(crate) form: KeyForm,
    pub(crate) columns: Vec<usize>,
    pub(crate) include: Option<usize>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) deferrable: usize,
    pub(crate) name: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyForm {
    Primary,
    Unique,
    UniqueIndex,
    Exclude,
}

#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) column: usize,
    pub(crate) variant: usize,
    pub(crate) name: usize,
    pub(crate) no_inherit: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) columns: Vec<usize>,
    pub(crate) target: usize,
    pub(crate) key: usize,
    pub(crate) match_full: bool,
    pub(crate) on_delete: usize,
    pub(crate) on_update: usize,
    pub(crate) deferrable: usize,
    pub(crate) name: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) column: usize,
    pub(crate) second: Option<usize>,
    pub(crate) form: usize,
    pub(crate) filter: Option<(usize, usize)>,
    pub(crate) name: usize,
}

/// How many types `records` knows.
pub(crate) const TYPES: usize = 26;
/// How many names `records` knows; numbers from there on are plain names.
pub(crate) const NAMES: usize = 22;

impl Model {
    pub(crate) fn random(tape: &mut Tape<'_>) -> Self {
        let mut model = Self { tables: Vec::new(), enums: Vec::new(), next: NAMES };
        for _ in 0..tape.pick(3) {
            model.add_enum(tape);
        }
        for _ in 0..=tape.pick(4) {
            model.add_table(tape);
        }
        for _ in 0..tape.pick(5) {
            model.add_reference(tape);
        }
        model
    }

    fn fresh(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    /// An odd name now and then; names are made unique where they are written.
    fn name(&mut self, tape: &mut Tape<'_>) -> usize {
        let plain = self.fresh();
        if tape.rarely(3) { tape.pick(NAMES) } else { plain }
    }

    /// 0 for the default name.
    fn own_name(&mut self, tape: &mut Tape<'_>) -> usize {
        if tape.rarely(4) { self.name(tape) + 1 } else { 0 }
    }

    fn add_enum(&mut self, tape: &mut Tape<'_>) {
        let id = self.fresh();
        let name = self.name(tape);
        let labels = (0..=tape.pick(4)).map(|_| self.fresh()).collect();
        self.enums.push(Enum { id, name, schema: tape.pick(2), labels, comment: tape.pick(4) });
    }

    fn base(&self, tape: &mut Tape<'_>) -> Base {
        if tape.rarely(5) && !self.enums.is_empty() {
            return Base::Enum(self.enums[tape.pick(self.enums.len())].id);
        }
        Base::Type(tape.pick(TYPES))
    }

    fn column(&mut self, tape: &mut Tape<'_>, others: &[Column]) -> Column {
        let generated = (tape.rarely(6) && !others.is_empty())
            .then(|| (others[tape.pick(others.len())].id, tape.pick(3)));
        Column {
            id: self.fresh(),
            name: self.name(tape),
            base: self.base(tape),
            array: tape.rarely(7),
            nullable: tape.pick(2) == 0,
            default: if tape.rarely(3) { 1 + tape.pick(4) } else { 0 },
            identity: if tape.rarely(6) { 1 + tape.pick(2) } else { 0 },
            generated,
            collation: if tape.rarely(6) { 1 + tape.pick(2) } else { 0 },
            comment: tape.pick(5),
        }
    }

    fn add_table(&mut self, tape: &mut Tape<'_>) {
        let mut table = Table {
            id: self.fresh(),
            name: self.name(tape),
            schema: tape.pick(2),
            unlogged: tape.rarely(8),
            comment: tape.pick(4),
            columns: Vec::new(),
            keys: Vec::new(),
            checks: Vec::new(),
            references: Vec::new(),
            indexes: Vec::new(),
        };
        for _ in 0..=tape.pick(6) {
            let column = self.column(tape, &table.columns);
            table.columns.push(column);
        }
        for _ in 0..tape.pick(3) {
            self.add_key(tape, &mut table);
        }
        for _ in 0..tape.pick(3) {
            self.add_check(tape, &mut table);
        }
        for _ in 0..tape.pick(3) {
            self.add_index(tape, &mut table);
        }
        self.tables.push(table);
    }

    fn add_key(&mut self, tape: &mut Tape<'_>, table: &mut Table) {
        let forms = [KeyForm::Primary, KeyForm::Unique, KeyForm::UniqueIndex, KeyForm::Exclude];
        let mut columns = vec![any(tape, &table.columns)];
        if tape.pick(2) == 1 {
            columns.push(any(tape, &table.columns));
        }
        table.keys.push(Key {
            id: self.fresh(),
            form: forms[tape.pick(4)],
            columns,
            include: tape.rarely(5).then(|| any(tape, &table.columns)),
            nulls_not_distinct: tape.rarely(5),
            deferrable: if tape.rarely(4) { 1 + tape.pick(2) } else { 0 },
            name: self.own_name(tape),
        });
    }

    fn add_check(&mut self, tape: &mut Tape<'_>, table: &mut Table) {
        table.checks.push(Check {
            column: any(tape, &table.columns),
            variant: tape.pick(4),
            name: self.own_name(tape),
            no_inherit: tape.rarely(6),
        });
    }

    fn add_index(&mut self, tape: &mut Tape<'_>, table: &mut Table) {
        table.indexes.push(Index {
            column: any(tape, &table.columns),
            second: tape.rarely(3).then(|| any(tape, &table.columns)),
            form: tape.pick(8),
            filter: tape.rarely(3).then(|| (any(tape, &table.columns), tape.pick(4))),
            name: self.own_name(tape),
        });
    }

    /// A foreign key with columns of its own.
    fn add_reference(&mut self, tape: &mut Tape<'_>) {
        let (from, to) = (tape.pick(self.tables.len()), tape.pick(self.tables.len()));
        let Some(target) = self.tables.get(to).cloned() else { return };
        if target.keys.is_empty() {
            return;
        }
        let key = target.keys[tape.pick(target.keys.len())].clone();
        let nullable = tape.pick(3) != 2;
        let columns: Vec<Column> = key
            .columns
            .iter()
            .map(|_| Column { nullable, generated: None, identity: 0, default: 0, ..self.column(tape, &[]) })
            .collect();
        let reference = Reference {
            columns: columns.iter().map(|column| column.id).collect(),
            target: target.id,
            key: key.id,
            match_full: tape.rarely(4),
            on_delete: tape.pick(5),
            on_update: tape.pick(5),
            deferrable: if tape.rarely(4) { 1 + tape.pick(2) } else { 0 },
            name: self.own_name(tape),
        };
        self.tables[from].columns.extend(columns);
        self.tables[from].references.push(reference);
    }

    /// Some small changes, or a wholly different schema.
    pub(crate) fn changed(&self, tape: &mut Tape<'_>) -> Self {
        let mut model = self.clone();
        if tape.rarely(10) {
            return Self::random(tape);
        }
        for _ in 0..=tape.pick(6) {
            model.change(tape);
        }
        model
    }

    fn change(&mut self, tape: &mut Tape<'_>) {
        let what = tape.pick(12);
        if what == 0 {
            return self.change_enums(tape);
        }
        let place = tape.pick(self.tables.len());
        if what == 1 || self.tables.is_empty() {
            return self.change_tables(tape, place);
        }
        if what == 2 {
            return self.add_reference(tape);
        }
        let mut table = self.tables[place].clone();
        match what {
            3 => {
                let column = self.column(tape, &table.columns);
                table.columns.push(column);
            }
            4 if table.columns.len() > 1 => {
                table.columns.remove(tape.pick(table.columns.len()));
            }
            5..=7 => self.change_column(tape, &mut table),
            8 => self.change_keys(tape, &mut table),
            9 => match tape.pick(3) {
                0 => self.add_check(tape, &mut table),
                1 => drop(remove(tape, &mut table.checks)),
                _ => {
                    if let Some(mut check) = remove(tape, &mut table.checks) {
                        check.variant = tape.pick(4);
                        table.checks.push(check);
                    }
                }
            },
            10 => match tape.pick(3) {
                0 => self.add_index(tape, &mut table),
                1 => drop(remove(tape, &mut table.indexes)),
                _ => {
                    if let Some(mut index) = remove(tape, &mut table.indexes) {
                        index.form = tape.pick(8);
                        index.name = self.own_name(tape);
                        table.indexes.push(index);
                    }
                }
            },
            _ => match tape.pick(3) {
                0 => drop(remove(tape, &mut table.references)),
                _ => {
                    if let Some(mut reference) = remove(tape, &mut table.references) {
                        reference.on_delete = tape.pick(5);
                        reference.deferrable = tape.pick(3);
                        reference.name = self.own_name(tape);
                        table.references.push(reference);
                    }
                }
            },
        }
        self.tables[place] = table;
    }

    fn change_enums(&mut self, tape: &mut Tape<'_>) {
        let place = tape.pick(self.enums.len());
        let label = self.fresh();
        let Some(enumeration) = self.enums.get_mut(place) else { return self.add_enum(tape) };
        let labels = &mut enumeration.labels;
        match tape.pick(6) {
            0 => labels.insert(tape.pick(labels.len() + 1), label),
            1 => labels.push(label),
            2 if labels.len() > 1 => drop(labels.remove(tape.pick(labels.len()))),
            3 => labels.reverse(),
            4 => enumeration.comment = tape.pick(4),
            5 => drop(self.enums.remove(place)),
            _ => self.add_enum(tape),
        }
    }

    fn change_tables(&mut self, tape: &mut Tape<'_>, place: usize) {
        let name = self.name(tape);
        let other = tape.pick(self.tables.len());
        match tape.pick(6) {
            0 => self.add_table(tape),
            1 if self.tables.len() > 1 => drop(self.tables.remove(place)),
            2 => self.tables[place].unlogged ^= true,
            3 => self.tables[place].comment = tape.pick(4),
            4 => self.tables[place].schema ^= 1,
            _ => {
                // Another table of this name, or one whose name another kind of object has had.
                let former = self.tables[place].name;
                self.tables[place].name = name;
                self.tables[other].name = former;
            }
        }
    }

    fn change_column(&mut self, tape: &mut Tape<'_>, table: &mut Table) {
        let place = tape.pick(table.columns.len());
        let base = self.base(tape);
        let others: Vec<Column> = table.columns[..place].to_vec();
        let Some(column) = table.columns.get_mut(place) else { return };
        match tape.pick(8) {
            0 => column.base = base,
            1 => column.nullable ^= true,
            2 => column.default = tape.pick(5),
            3 => column.identity = tape.pick(3),
            4 => column.comment = tape.pick(5),
            5 => column.array ^= true,
            6 => column.collation = tape.pick(3),
            _ => {
                column.generated = match column.generated {
                    Some((of, variant)) if tape.pick(2) == 0 => Some((of, variant + 1)),
                    Some(_) => None,
                    None if others.is_empty() => None,
                    None => Some((any(tape, &others), tape.pick(3))),
                }
            }
        }
    }

    fn change_keys(&mut self, tape: &mut Tape<'_>, table: &mut Table) {
        let forms = [KeyForm::Primary, KeyForm::Unique, KeyForm::UniqueIndex, KeyForm::Exclude];
        if tape.pick(3) == 0 {
            return self.add_key(tape, table);
        }
        let Some(mut key) = remove(tape, &mut table.keys) else { return };
        match tape.pick(6) {
            0 => return,
            1 => key.form = forms[tape.pick(4)],
            2 => key.columns = vec![any(tape, &table.columns)],
            3 => key.deferrable = tape.pick(3),
            4 => key.nulls_not_distinct ^= true,
            _ => key.name = self.own_name(tape),
        }
        table.keys.push(key);
    }
}

fn any(tape: &mut Tape<'_>, columns: &[Column]) -> usize {
    columns.get(tape.pick(columns.len())).map_or(0, |column| column.id)
}

fn remove<T>(tape: &mut Tape<'_>, list: &mut Vec<T>) -> Option<T> {
    if list.is_empty() { None } else { Some(list.remove(tape.pick(list.len()))) }
}
