pub mod queries {
    use liendoan_core::validity::Validity;
    use liendoan_core::{Db, Result, Scope};
    pub struct Touched {
        pub code: String,
        pub heads: Vec<(i64, Validity)>,
    }
    pub fn touched_by(_: &mut Db, _: &Scope, _: &[i64]) -> Result<Vec<Touched>> {
        Ok(Vec::new())
    }
}
